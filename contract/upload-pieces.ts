/** Bytes of one piece at most. */
export const MOST_PIECE = 32 * 2 ** 20;
/** The names of draft-ietf-httpbis-resumable-upload, and of RFC 9530 for the digest. */
export const UPLOAD_HEADERS = {
  offset: "Upload-Offset",
  complete: "Upload-Complete",
  length: "Upload-Length",
  limit: "Upload-Limit",
  digest: "Content-Digest",
} as const;
export const PIECE_TYPE = "application/partial-upload";
