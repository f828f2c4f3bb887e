/** The pairs of a Cookie header. */
export function cookiesIn(header: string | undefined): [name: string, value: string][] {
  return (header ?? "").split(";").flatMap((pair): [string, string][] => {
    const equals = pair.indexOf("=");
    return equals === -1 ? [] : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]];
  });
}

/** The same header without the cookies of these names; undefined where none is left. */
export function withoutCookies(header: string, isOurs: (name: string) => boolean): string | undefined {
  const rest = cookiesIn(header).filter(([name]) => !isOurs(name));
  return rest.length === 0 ? undefined : rest.map(([name, value]) => `${name}=${value}`).join("; ");
}

/** Attributes of a cookie that a page gets inside a page of another site: without these browsers keep none there. */
const FRAMED = ["Secure", "SameSite=None", "Partitioned"];

/**
 * A cookie that an application sets, as it may reach a browser: with Domain it would go to other applications, and one with a name of ours would
 * shut the person out (undefined). `framed`: it must be kept inside the portal's page too.
 */
export function applicationCookie(header: string, isOurs: (name: string) => boolean, framed: boolean): string | undefined {
  const [pair = "", ...attributes] = header.split(";");
  if (isOurs((pair.split("=")[0] ?? "").trim())) return undefined;
  const dropped = framed ? /^\s*(?:domain|secure|samesite|partitioned)\s*(?:=|$)/i : /^\s*domain\s*(?:=|$)/i;
  const kept = [pair, ...attributes.filter((attribute) => !dropped.test(attribute))].join(";");
  return framed ? [kept, ...FRAMED].join("; ") : kept;
}
