export interface IdempotencyRow {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
  /** 0 while the act is recorded but its answer is not; `answer` is then `{workspace}`. */
  readonly status: number;
  readonly answer: unknown;
  readonly at: number;
}

export interface AuditEntry {
  readonly at: number;
  /** issuer + subject, or `guise` for the loop. */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: "done" | "refused" | "failed";
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface AuditRow extends AuditEntry {
  readonly sequence: number;
}
