/** What crosses between the calling thread and the one that owns the database: plain data, no word of the product. */

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlRow = Record<string, SqlValue>;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What the rows of a statement mean for its write: nothing, there must be some, there must be none, or "some" ends the write well. */
export type Rule = "any" | "some" | "none" | "end";

export interface GuardedStatement extends Statement {
  readonly rule: Rule;
}

export type Task =
  | { readonly kind: "write"; readonly statements: readonly GuardedStatement[] }
  | { readonly kind: "read"; readonly statements: readonly Statement[] };

/** An error of SQLite: its extended result code, where it has one, and its text for the operator. */
export interface Fault {
  readonly code: number | undefined;
  readonly message: string;
}

/** The rows of each statement that ran; of the one that broke its rule too, which is then the last. */
export type TaskAnswer =
  | { readonly outcome: "done"; readonly rows: readonly (readonly SqlRow[])[] }
  | { readonly outcome: "broken"; readonly rows: readonly (readonly SqlRow[])[] }
  | { readonly outcome: "fault"; readonly fault: Fault };

export interface BatchAnswer {
  readonly answers: readonly TaskAnswer[];
  /** How many writes the one commit of this batch made durable; 0 when there was none. */
  readonly committed: number;
}

export type Request =
  | { readonly kind: "batch"; readonly tasks: readonly Task[] }
  | { readonly kind: "backup"; readonly path: string }
  | { readonly kind: "close" };

export type Answer =
  | { readonly kind: "batch"; readonly batch: BatchAnswer }
  | { readonly kind: "done" }
  | { readonly kind: "fault"; readonly fault: Fault };

/** Why a database was not opened, in the codes of RepositoryError. */
export interface Objection {
  readonly code: "database_damaged" | "database_foreign" | "database_newer";
  readonly message: string;
}

export type Opening =
  | { readonly kind: "open"; readonly warnings: readonly string[] }
  | { readonly kind: "objection"; readonly objection: Objection }
  | { readonly kind: "fault"; readonly fault: Fault };

export interface OpenOrder {
  readonly path: string;
  readonly installation: string;
  /** The last process did not close the database: it is checked before it is used. */
  readonly unclean: boolean;
  readonly now: number;
}
