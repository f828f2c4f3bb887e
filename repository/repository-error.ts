import { CodedError } from "#foundation";

/**
 * `database_exposed`: folder or files are open to others. `database_full`: no room; the next call may work.
 * `database_failed`: the disk or the database's thread broke; after a failed sync nothing more is acknowledged until a restart.
 */
export type RepositoryErrorCode =
  | "stale_revision"
  | "stale_generation"
  | "invalid_transition"
  | "lease_lost"
  | "not_found"
  | "not_usable"
  | "exists"
  | "persona_retired"
  | "not_retired"
  | "persona_in_use"
  | "home_in_use"
  | "too_many"
  | "database_locked"
  | "database_damaged"
  | "database_foreign"
  | "database_newer"
  | "database_exposed"
  | "database_full"
  | "database_failed";

/** What the store refuses or cannot do, told apart by `code`. */
export class RepositoryError extends CodedError<RepositoryErrorCode> {
  constructor(code: RepositoryErrorCode, message: string, options: { cause?: unknown; detail?: Readonly<Record<string, unknown>> } = {}) {
    super(code, message, options);
    this.name = "RepositoryError";
  }
}
