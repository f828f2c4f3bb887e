import { CodedError } from "#foundation";
import type { RepositoryErrorCode } from "./repository.ts";

/** What the store refuses or cannot do, told apart by `code`. */
export class RepositoryError extends CodedError<RepositoryErrorCode> {
  constructor(code: RepositoryErrorCode, message: string, options: { cause?: unknown; detail?: Readonly<Record<string, unknown>> } = {}) {
    super(code, message, options);
    this.name = "RepositoryError";
  }
}
