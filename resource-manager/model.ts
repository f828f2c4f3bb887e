import type { Amounts, Dimension } from "@guise/contract";

/** A machine into whose capacity allocations are fitted. Capacity is net: reserve and overcommit are applied already (see `usableCapacity`). */
export interface Node {
  readonly node: string;
  readonly capacity: Amounts;
  /** What it would have if others left it alone; only beyond that can a demand never fit. As `capacity` where it is not said. */
  readonly ceiling?: Amounts;
}

/** What a workspace asks for. */
export interface Demand {
  /** The workspace. Unique among queue and allocations. */
  readonly id: string;
  /** The persona's amounts plus the driver's overhead. */
  readonly amounts: Amounts;
  /** Larger is more important (contract PRIORITIES). */
  readonly priority: number;
  /** The group that is charged. */
  readonly group: string;
  /** Who asks. */
  readonly person: string;
  /** Wall clock, ms: when it first asked; a displaced one keeps it (seniority). */
  readonly since: number;
  /** The only node that will do (a kept home), or null. */
  readonly pinned: string | null;
}

export interface Allocation {
  readonly id: string;
  readonly node: string;
  readonly amounts: Amounts;
  readonly priority: number;
  readonly group: string;
  /** Whose workspace it is; null for what is nobody's workspace, such as a kept home. */
  readonly person: string | null;
}

export interface Settings {
  /** How often younger demands of equal or lower priority may pass a waiting one before freed room is held for it. */
  readonly bypassLimit: number;
}

export type Change =
  | { readonly kind: "arrived"; readonly demand: Demand }
  /** Taken out of the queue (cancelled, released while waiting). */
  | { readonly kind: "withdrawn"; readonly id: string }
  /** An allocation was given back. */
  | { readonly kind: "released"; readonly id: string }
  /** Room that is taken without having waited: what a home keeps of its workspace's. Replaces an allocation of the same id. */
  | { readonly kind: "allocated"; readonly allocation: Allocation }
  /** An allocation is to have these amounts from now on; granted only if they are free where it is, for it cannot wait. */
  | { readonly kind: "resize"; readonly id: string; readonly amounts: Amounts }
  | { readonly kind: "nodes"; readonly nodes: readonly Node[] };

export type WaitReason = "waiting_for_room" | "waiting_in_line";

export type Decision =
  | { readonly kind: "admitted"; readonly id: string; readonly node: string; readonly amounts: Amounts }
  /** It can never fit; it is not in the queue. `largest` is the largest amount per dimension that one node could ever grant. */
  | { readonly kind: "refused"; readonly id: string; readonly short: readonly Shortage[]; readonly largest: Amounts }
  | Resized
  | NotResized
  /**
   * It waits. Told when it begins to wait, and to the first `FRONT` of the queue whenever place or reason change: one
   * admission moves everybody behind it, and telling a long queue would cost its length. Further back, ask `waitOf`.
   */
  | {
      readonly kind: "waits";
      readonly id: string;
      readonly reason: WaitReason;
      readonly place: number;
      /** How many workspaces the person holds, or waits for ahead of this one; who has fewer comes first. */
      readonly turn: number;
      readonly short: readonly Shortage[];
      /** The node that `short` is measured against: the one held for it, else the one that lacks least. Null when none is there. */
      readonly node: string | null;
    };

export interface Resized {
  readonly kind: "resized";
  readonly id: string;
  readonly node: string;
  readonly amounts: Amounts;
}

/** `short` is empty where its node has the room, and holds it for who has waited longer; or where there is no such allocation. */
export interface NotResized {
  readonly kind: "not_resized";
  readonly id: string;
  readonly node: string | null;
  readonly short: readonly Shortage[];
}

/** In `dimension` it needs `needs`, the best node has `has` (free, or at most). */
export interface Shortage {
  readonly dimension: Dimension;
  readonly needs: number;
  readonly has: number;
}

export type Advice =
  | { readonly kind: "never_fits"; readonly short: readonly Shortage[]; readonly largest: Amounts }
  | { readonly kind: "would_start"; readonly node: string }
  | {
      readonly kind: "would_wait";
      readonly reason: WaitReason;
      readonly place: number;
      readonly turn: number;
      readonly short: readonly Shortage[];
      readonly node: string | null;
    };
