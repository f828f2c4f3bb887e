import type { IncomingHttpHeaders } from "node:http";
import { MOST_PIECE, Refusal, UPLOAD_HEADERS } from "@guise/contract";

/** What the headers of a piece say, in the forms of structured fields (RFC 9651). */
export interface PieceHeaders {
  readonly offset: number;
  readonly length: number;
  readonly digest: Buffer;
  /** With this piece the file is whole. */
  readonly isLast: boolean;
}

/** An empty piece has nothing that could arrive wrong. */
const NOTHING = Buffer.from("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "hex");

/** Refuses with `invalid` or `payload_too_large`, before any of the body is read. */
export function pieceHeaders(headers: IncomingHttpHeaders): PieceHeaders {
  const offset = numberIn(headers, UPLOAD_HEADERS.offset);
  const length = numberIn(headers, "Content-Length");
  if (length > MOST_PIECE) throw new Refusal("payload_too_large", `A piece has ${MOST_PIECE} bytes at most; this one has ${length}.`);
  const complete = textIn(headers, UPLOAD_HEADERS.complete);
  if (complete !== "?0" && complete !== "?1") throw wrong(UPLOAD_HEADERS.complete, "?0, or ?1 with the last piece");
  return { offset, length, digest: length === 0 ? NOTHING : digestIn(headers), isLast: complete === "?1" };
}

/** Files have no tags here: only "whatever it is" can be asked for. */
export function isExclusive(headers: IncomingHttpHeaders): boolean {
  const header = headers["if-none-match"];
  if (header !== undefined && header.trim() !== "*") throw new Refusal("invalid", "If-None-Match takes * alone: files have no entity tags");
  return header !== undefined;
}

function digestIn(headers: IncomingHttpHeaders): Buffer {
  const members = textIn(headers, UPLOAD_HEADERS.digest).split(",");
  const [encoded] = members.flatMap((member) => /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(member.trim())?.[1] ?? []);
  if (encoded === undefined) throw wrong(UPLOAD_HEADERS.digest, "the SHA-256 of the piece, as sha-256=:BASE64:");
  return Buffer.from(encoded, "base64");
}

function numberIn(headers: IncomingHttpHeaders, name: string): number {
  const text = textIn(headers, name);
  if (!/^\d{1,15}$/.test(text)) throw wrong(name, "a number of bytes");
  return Number(text);
}

function textIn(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? value.trim() : "";
}

function wrong(name: string, form: string): Refusal {
  return new Refusal("invalid", `The header ${name} is needed: ${form}.`);
}
