import { createHash } from "node:crypto";
import { isArmored, type PackageSource, type SourceManager, suitesOn } from "@guise/contract";
import type { ImagePlan, LoginsOf } from "#provisioning";
import type { AptSource } from "./apt-sources.ts";
import type { HostMirrors } from "./host-mirrors.ts";
import type { OpenSource } from "./open-source.ts";

/**
 * The sources that packages of these managers may come from, which a persona names itself. Applications of the catalog come from the site's own
 * mirrors, so that all who have them share their layers.
 */
export function sourcesOf(
  { sources = [], layers }: Pick<ImagePlan, "sources" | "layers">,
  manager: SourceManager,
): readonly PackageSource[] {
  const own = layers.some((layer) => layer.application.includes(":") && (layer.manager === manager || OF_PIP[layer.manager] === manager));
  return own ? sources.filter((source) => source.manager === manager) : [];
}

/** pipx takes from pip's index. */
const OF_PIP: Readonly<Record<string, SourceManager | undefined>> = { pipx: "pip" };

/** All that any of its packages may come from. */
export function allSourcesOf(plan: Pick<ImagePlan, "sources" | "layers">): readonly PackageSource[] {
  return (plan.sources ?? []).filter((source) => sourcesOf(plan, source.manager).includes(source));
}

/** What a source is to an image: two of them with other packages never share a layer. */
export function sourceIdentity({ manager, url, suites, components, scopes, key }: PackageSource): readonly unknown[] {
  return [manager, url, suites, components, scopes, key === undefined ? "" : createHash("sha256").update(key).digest("hex")];
}

/** Rejects `mirror_unreachable` where what opens one cannot be read. */
export async function openSources(sources: readonly PackageSource[], loginsOf: LoginsOf): Promise<readonly OpenSource[]> {
  if (sources.length === 0) return [];
  const logins = await loginsOf(sources.map(({ source }) => source));
  return sources.map((source) => ({ source, login: logins.get(source.source) }));
}

/** The mirrors, and these sources beside them. */
export function withSources(mirrors: HostMirrors, opened: readonly OpenSource[], wanted: readonly PackageSource[]): HostMirrors {
  const sources = opened.filter(({ source }) => wanted.some((one) => one.source === source.source) && isOn(source, mirrors.suite));
  if (sources.length === 0) return mirrors;
  const apt = [...mirrors.apt, ...sources.flatMap(({ source }) => aptSources(source, mirrors.suite))];
  const reach = [...new Set([...mirrors.reach, ...sources.flatMap(({ source }) => [source.url, ...source.files])])];
  return { ...mirrors, apt, reach, sources: [...mirrors.sources, ...sources] };
}

function isOn(source: PackageSource, suite: string): boolean {
  return source.manager !== "apt" || suitesOn(source, suite).length > 0;
}

function aptSources(source: PackageSource, base: string): AptSource[] {
  if (source.manager !== "apt") return [];
  const { key = "", url: uri, components } = source;
  const armored = isArmored(key);
  const ring = { name: `source-${source.source}.${armored ? "asc" : "gpg"}`, content: armored ? key : Buffer.from(key, "base64") };
  return suitesOn(source, base).map((suite) => ({ uri, suite, components, signedBy: undefined, ring }));
}
