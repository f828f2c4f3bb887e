import type { WorkspaceState } from "@guise/contract";

/** What became of one building of a persona version: the version's first image, or a later one with fresh packages. */
export interface ImageRecord {
  readonly persona: string;
  readonly version: number;
  readonly revision: number;
  /** The engine's name of it. Versions of equal contents share one. */
  readonly reference: string;
  readonly builtAt: number;
  /** When it was built, or a workspace last began or ended on it. */
  readonly usedAt: number;
  /** The revision that the next start of the version gets. */
  readonly current: boolean;
  /** Its persona was removed: no start gets it any more. */
  readonly isOrphan: boolean;
}

/** A workspace that is not released, and the image that its sandbox was started on last. */
export interface ImageHolder {
  readonly workspace: string;
  readonly persona: string;
  readonly version: number;
  readonly state: WorkspaceState;
  readonly reference: string | undefined;
}
