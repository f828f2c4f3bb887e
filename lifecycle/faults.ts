import type { Reason } from "@guise/contract";
import { messageOf } from "#foundation";
import { PROVISIONING_ERRORS, ProvisioningError } from "#provisioning";
import { RepositoryError } from "#repository";

/** How often a passing fault is retried in one life, and how long to wait before each time, ms. */
export const RETRY_DELAYS = [1_000, 4_000, 15_000] as const;

const LONGEST_DELAY = Math.max(...RETRY_DELAYS);

export type Verdict =
  /** The state and the allocation stay; look again later. */
  | { readonly kind: "wait"; readonly message: string }
  /** Back to the queue, to be tried again. */
  | { readonly kind: "retry"; readonly delay: number; readonly message: string }
  | { readonly kind: "fail"; readonly reason: Reason; readonly message: string };

const FAILURE_REASONS: Partial<Record<ProvisioningError["code"], Reason>> = {
  image_build_failed: "image_build_failed",
  mirror_unreachable: "image_build_failed",
  source_not_registered: "source_not_registered",
  source_unreachable: "source_unavailable",
  source_refused: "source_unavailable",
  configuration_failed: "configuration_failed",
  readiness_failed: "readiness_failed",
};

/** The sandbox is whole, only that could not be written: it is started anew when it can be. */
const PASSING_IN_THE_STORE: ReadonlySet<string> = new Set([
  "database_full",
  "database_failed",
  "database_locked",
  "lease_lost",
  "stale_revision",
]);

/** What a fault of a start means, after `attempts` earlier ones in this life. Pure. */
export function verdictOf(error: unknown, attempts: number): Verdict {
  const message = messageOf(error);
  if (error instanceof RepositoryError && PASSING_IN_THE_STORE.has(error.code)) return { kind: "wait", message };
  if (!(error instanceof ProvisioningError)) return { kind: "fail", reason: "start_failed", message: `a fault in Guise: ${message}` };
  if (error.code === "engine_unreachable") return { kind: "wait", message };
  // However long it takes: it is room that is missing, and nobody is given up for that.
  if (error.code === "disk_full") return { kind: "retry", delay: LONGEST_DELAY, message };
  const delay = RETRY_DELAYS[attempts];
  if (PROVISIONING_ERRORS[error.code].retry && delay !== undefined) return { kind: "retry", delay, message };
  return { kind: "fail", reason: FAILURE_REASONS[error.code] ?? "start_failed", message };
}
