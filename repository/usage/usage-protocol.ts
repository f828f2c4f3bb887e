import type { UsagePoint } from "@guise/contract";

/** What goes to the thread of the usage store, and what comes back. */
export type UsageTask =
  | {
      readonly kind: "save";
      readonly points: readonly { readonly workspace: string; readonly length: number; readonly point: UsagePoint }[];
      readonly kept: readonly { readonly workspace: string; readonly at: number; readonly data: string }[];
    }
  | { readonly kind: "kept"; readonly workspace: string }
  | { readonly kind: "points"; readonly workspace: string; readonly length: number; readonly since: number }
  | { readonly kind: "forget"; readonly length: number; readonly before: number }
  | { readonly kind: "forget_kept"; readonly before: number }
  | { readonly kind: "close" };

export type UsageAnswer = { readonly value: unknown } | { readonly error: string };
