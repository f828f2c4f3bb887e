import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BASE_NAMES, BASES, type BaseName, type Bases, baseOfSuite } from "@guise/contract";
import { ProvisioningError } from "#provisioning";
import { type AptSource, parseAptSources, sourcesAs, sourcesOfSuite } from "./apt-sources.ts";
import { askTool } from "./ask-tool.ts";
import { iniValue } from "./ini-value.ts";
import type { OpenSource } from "./open-source.ts";
import type { Proxies } from "./proxies.ts";
import { npmDefault, pipDefaults } from "./tool-defaults.ts";

/** Where packages come from, as the host itself is configured. */
export interface HostMirrors {
  readonly suite: string;
  readonly apt: readonly AptSource[];
  /** apt options that the host sets for its own downloads (dates, verification), as `Name=value`. */
  readonly aptOptions: readonly string[];
  readonly pipIndex: string;
  /** Hosts that the operator has pip trust without TLS, separated by blanks; pip takes nothing from others. */
  readonly pipTrusted?: string | undefined;
  readonly npmRegistry: string;
  readonly proxies: Proxies;
  /** PEM bundle of every authority that the host's tools trust. */
  readonly authorities: string;
  /** What operators added to them, for one layer. */
  readonly sources: readonly OpenSource[];
  /** Every URL that a fetch may need to reach. */
  readonly reach: readonly string[];
}

/** Where packages come from now, for one suite; undefined: the one without a choice. Rejects `mirror_unreachable`. */
export type MirrorsOf = (suite: string | undefined) => Promise<HostMirrors>;

export interface MirrorSettings {
  /** The process's own variables, read once by the caller: proxies, authorities, pip's and npm's own settings, HOME. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Suite of the base image; the host's own when undefined. */
  readonly suite: string | undefined;
  /** Hosts that an index links to but no configuration names. */
  readonly extra: readonly string[];
  /** PEM certificates that the installation trusts beside the host's. */
  readonly authorities?: readonly string[];
}

const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";
const TRUSTED_APT_OPTIONS =
  /^Acquire::(?:Check-Valid-Until|Check-Date|Max-FutureTime|https?::(?:Verify-Peer|Verify-Host|User-Agent|Pipeline-Depth|Timeout))$/;

/** Reads the host's apt, pip and npm configuration. Rejects `mirror_unreachable` when the suite has no source here. */
export async function readHostMirrors({ variables, suite, extra, authorities: own = [] }: MirrorSettings): Promise<HostMirrors> {
  const base = suite ?? (await readHostSuite());
  const apt = await aptSourcesOf(base);
  if (apt.length === 0) {
    throw new ProvisioningError("mirror_unreachable", `this machine's apt has no source for ${base}; add one to /etc/apt/sources.list.d`);
  }
  const aptSettings = await hostAptSettings();
  const pip = await readFirst(["/etc/pip.conf", ...inHome(variables, ".pip/pip.conf", ".config/pip/pip.conf")]);
  const npm = await readFirst(["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc", ...inHome(variables, ".npmrc")]);
  const configuredIndex = variables.PIP_INDEX_URL ?? iniValue(pip, ["global", "install", "download"], "index-url");
  const pipTrusted = variables.PIP_TRUSTED_HOST ?? iniValue(pip, ["global", "install", "download"], "trusted-host");
  const { index: pipIndex, files } = await pipMirror(configuredIndex);
  const npmRegistry = variables.npm_config_registry ?? iniValue(npm, [""], "registry") ?? (await npmDefault(variables.PATH));
  const known = await readAuthorities([
    variables.SSL_CERT_FILE ?? SYSTEM_AUTHORITIES,
    variables.PIP_CERT ?? iniValue(pip, ["global"], "cert"),
    variables.npm_config_cafile ?? iniValue(npm, [""], "cafile"),
    aptSettings.get("Acquire::https::CAInfo"),
  ]);
  const authorities = [known, ...own].join("\n");
  const proxies = {
    http: aptSettings.get("Acquire::http::Proxy") ?? variables.http_proxy,
    https: aptSettings.get("Acquire::https::Proxy") ?? variables.https_proxy ?? variables.HTTPS_PROXY,
    none: variables.no_proxy ?? variables.NO_PROXY,
  };
  const reach = [...apt.map(({ uri }) => uri), pipIndex, npmRegistry, ...files, ...extra];
  const aptOptions = [...aptSettings].filter(([name]) => TRUSTED_APT_OPTIONS.test(name)).map(([name, value]) => `${name}=${value}`);
  return { suite: base, apt, aptOptions, pipIndex, pipTrusted, npmRegistry, proxies, authorities, sources: [], reach: [...new Set(reach)] };
}

/** What plans may stand on, by where this machine gets packages. Rejects `image_build_failed` on a machine that is neither Debian nor Ubuntu. */
export async function basesHere(suite: string | undefined): Promise<Bases> {
  const here: BaseName[] = [];
  for (const base of BASE_NAMES) if ((await aptSourcesOf(BASES[base].suite)).length > 0) here.push(base);
  return { here, standard: baseOfSuite(suite ?? (await readHostSuite())) };
}

/** Those that the machine has, or else those of its own suite as the other's: one Debian serves them all. */
async function aptSourcesOf(suite: string): Promise<AptSource[]> {
  const all = await hostAptSources();
  const own = sourcesOfSuite(all, suite);
  const host = await readHostSuite();
  return own.length > 0 || baseOfSuite(host) === undefined || baseOfSuite(suite) === undefined ? own : sourcesAs(all, host, suite);
}

/** An index that is configured names its file hosts itself, or the operator does; the default one keeps its files elsewhere. */
async function pipMirror(configured: string | undefined): Promise<{ index: string; files: readonly string[] }> {
  const defaults = await pipDefaults().catch((error: unknown) => {
    if (configured === undefined) throw error;
    return undefined;
  });
  const index = configured ?? defaults?.index ?? "";
  const isDefault = defaults !== undefined && new URL(index).host === new URL(defaults.index).host;
  return { index, files: isDefault ? [defaults.files] : [] };
}

/** Code name of the host's own suite. */
export async function readHostSuite(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(release)?.[1];
  if (name === undefined)
    throw new ProvisioningError("image_build_failed", "base images need a Debian or Ubuntu host: /etc/os-release names no suite");
  return name;
}

async function hostAptSources(): Promise<AptSource[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch(() => []);
  const files = ["/etc/apt/sources.list", ...names.filter((name) => /\.(?:list|sources)$/.test(name)).map((name) => join(folder, name))];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return texts.flatMap(parseAptSources);
}

async function hostAptSettings(): Promise<Map<string, string>> {
  const stdout = await askTool("apt-config", ["dump"]);
  return new Map(
    [...stdout.matchAll(/^(\S+) "(.*)";$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""] as const).filter(([, value]) => value !== ""),
  );
}

function inHome(variables: MirrorSettings["variables"], ...names: readonly string[]): string[] {
  const home = variables.HOME;
  return home === undefined ? [] : names.map((name) => join(home, name));
}

/** All that are there, one after another: later files win, as in the tools themselves. */
async function readFirst(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")))).join("\n[-]\n");
}

async function readAuthorities(files: readonly (string | undefined)[]): Promise<string> {
  const named = [...new Set(files.filter((file) => file !== undefined))];
  const texts = await Promise.all(named.map((file) => readFile(file, "utf8").catch(() => "")));
  return texts.filter((text) => text !== "").join("\n");
}
