/** What the head of an HTTP/1 request says that tells whether somebody acts. */
export interface RequestHead {
  readonly method: string;
  /** Without its query: who looks again and again puts the time there. */
  readonly path: string;
  /** Bytes that follow. */
  readonly body: number | "chunked";
  /** Somebody went to this page. */
  readonly navigates: boolean;
  readonly upgrades: boolean;
}

const REQUEST_LINE = /^([A-Z]{1,20}) ([^ ]{1,16384}) HTTP\/1\.[01]$/;
const LENGTH = /^[0-9]{1,15}$/;

/** Undefined: it is no such head. */
export function requestOf(head: string): RequestHead | undefined {
  const [line = "", ...rest] = head.split("\r\n");
  const [, method, target] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const fields = new Map(rest.map(field));
  const length = fields.get("content-length") ?? "0";
  if (!LENGTH.test(length)) return undefined;
  return {
    method,
    path: target.split(/[?#]/, 1)[0] ?? target,
    body: (fields.get("transfer-encoding") ?? "").toLowerCase().includes("chunked") ? "chunked" : Number(length),
    // Browsers set it where a person brought it about, and no page can.
    navigates: fields.get("sec-fetch-user") === "?1",
    upgrades: (fields.get("upgrade") ?? "").toLowerCase() === "websocket",
  };
}

function field(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  return colon === -1 ? [text, ""] : [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}
