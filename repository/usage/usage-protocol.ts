import type { UsagePoint } from "@guise/contract";
import type { DayUse, UsageSubject } from "./usage-days.ts";

/** What goes to the thread of the usage store, and what comes back. */
export type UsageTask =
  | {
      readonly kind: "save";
      readonly points: readonly { readonly workspace: string; readonly length: number; readonly point: UsagePoint }[];
      readonly kept: readonly { readonly workspace: string; readonly at: number; readonly data: string }[];
      readonly days: readonly DayUse[];
    }
  | { readonly kind: "kept"; readonly workspace: string }
  | { readonly kind: "points"; readonly workspace: string; readonly length: number; readonly since: number }
  | { readonly kind: "forget"; readonly length: number; readonly before: number }
  | { readonly kind: "forget_kept"; readonly before: number }
  | { readonly kind: "sums"; readonly subject: UsageSubject; readonly since: number }
  | { readonly kind: "day_sums"; readonly subject: UsageSubject; readonly since: number }
  | { readonly kind: "forget_days"; readonly before: number }
  | { readonly kind: "close" };

export type UsageAnswer = { readonly value: unknown } | { readonly error: string };
