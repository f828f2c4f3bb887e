/** An error told apart by `code`, never by its text. Each folder owns a closed union of its codes. */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  /** For the operator's log: facts that are no business of the caller. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: { cause?: unknown; detail?: Readonly<Record<string, unknown>> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CodedError";
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error that has one (ours, or Node's `ENOENT` and its like). */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
