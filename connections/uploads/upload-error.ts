import { CodedError } from "#foundation";

/**
 * `not_found`: there is no such upload, or what came of it is gone. `offset_differs`: it stands elsewhere than the sender says.
 * `digest_differs`: what arrived is not what was sent.
 */
export type UploadErrorCode = "not_found" | "offset_differs" | "digest_differs";

export class UploadError extends CodedError<UploadErrorCode> {
  override readonly name = "UploadError";
}
