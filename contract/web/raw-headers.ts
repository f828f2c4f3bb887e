/** Name and value in turn, as Node gives and takes raw headers. */
export type RawHeaders = readonly string[];

/** These describe one hop, not the message. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "expect",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What `map` makes of each value; undefined leaves the header out. Names come in lower case, and stay as they were. */
export function mapHeaders(raw: RawHeaders, map: (name: string, value: string) => string | undefined): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = map(name.toLowerCase(), raw[index + 1] ?? "");
    if (value !== undefined) kept.push(name, value);
  }
  return kept;
}

/** Names of what is of this hop alone; what `Connection` names is too. */
export function hopByHop(raw: RawHeaders): ReadonlySet<string> {
  const names = new Set(HOP_BY_HOP);
  mapHeaders(raw, (name, value) => {
    if (name === "connection") for (const named of value.split(",")) names.add(named.trim().toLowerCase());
    return undefined;
  });
  return names;
}
