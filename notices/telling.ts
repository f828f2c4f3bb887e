import { CodedError } from "#foundation";
import type { NoticeRow } from "#repository";

/** `not_now`: it may work later. `never`: this one is not taken. `gone`: whoever is there wants nothing any more. */
export class TellingError extends CodedError<"not_now" | "never" | "gone"> {
  override readonly name = "TellingError";
}

/** One way to tell somebody something. Resolves when it was taken; rejects `TellingError`. */
export type Tell = (notice: NoticeRow, signal: AbortSignal) => Promise<void>;
