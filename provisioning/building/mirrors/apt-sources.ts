import type { BuildFile } from "../box/build-file.ts";

/** One place that packages come from: a `deb` line, or a stanza of a .sources file taken apart. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Path of a key ring on the host. */
  readonly signedBy: string | undefined;
  /** A ring that lies nowhere on the host: its file in a build. */
  readonly ring?: BuildFile;
}

/** Reads either form of apt's source files; binary packages only, what is disabled is left out. */
export function parseAptSources(text: string): AptSource[] {
  return /^[ \t]*(?:Types|URIs)[ \t]*:/m.test(text) ? parseStanzas(text) : text.split("\n").flatMap(parseLine);
}

/** The sources of one suite of the distribution itself: release, updates and security. Those of other vendors are left out. */
export function sourcesOfSuite(sources: readonly AptSource[], suite: string): AptSource[] {
  const names = new Set([suite, `${suite}-updates`, `${suite}-security`, `${suite}/updates`]);
  return sources.filter((source) => names.has(source.suite) && source.components.includes("main"));
}

/** Those of one suite as another's of the same distribution: its mirrors carry them side by side. */
export function sourcesAs(sources: readonly AptSource[], suite: string, other: string): AptSource[] {
  return sourcesOfSuite(sources, suite).map((source) => ({ ...source, suite: `${other}${source.suite.slice(suite.length)}` }));
}

export function renderAptSource(source: AptSource, keyRing: string | undefined): string {
  const options = keyRing === undefined ? [] : [`[signed-by=${keyRing}]`];
  return ["deb", ...options, source.uri, source.suite, ...source.components].join(" ");
}

function parseLine(line: string): AptSource[] {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(\S[^#]*)/.exec(line.trim());
  if (match === null) return [];
  const [, options = "", uri = "", suite = "", components = ""] = match;
  const signedBy = /(?:^|\s)signed-by=(\S+)/.exec(options)?.[1];
  return [{ uri, suite, components: components.trim().split(/\s+/), signedBy: pathOnly(signedBy) }];
}

function parseStanzas(text: string): AptSource[] {
  const plain = text.replace(/^#.*\n?/gm, "");
  return plain.split(/\n(?:[ \t\r]*\n)+/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = "", value = ""] of stanza.matchAll(/^([A-Za-z-]+):[ \t]*((?:.*)(?:\n[ \t].*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trim());
    }
    const words = (name: string) => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
    if (!words("types").includes("deb") || fields.get("enabled")?.toLowerCase() === "no") return [];
    const signedBy = pathOnly(fields.get("signed-by"));
    return words("uris").flatMap((uri) => words("suites").map((suite) => ({ uri, suite, components: words("components"), signedBy })));
  });
}

/** A key may also stand in the file itself; the base image's own key rings then have to do. */
function pathOnly(signedBy: string | undefined): string | undefined {
  return signedBy?.startsWith("/") === true ? signedBy : undefined;
}
