import type { ChainLayer } from "../layers/layer-chain.ts";
import { packageName } from "../managers/index.ts";
import { renderAptSource } from "../mirrors/apt-sources.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { proxyVariables } from "../mirrors/proxies.ts";
import { loginFiles, sourceVariables } from "../mirrors/source-logins.ts";
import { lockedLine } from "../python/lock.ts";
import type { BuildFile } from "./build-file.ts";

/** On tmpfs: what the scripts read; it never enters the image. */
export const BUILD_FOLDER = "/run/guise-build";
/** In the container's own layer, and removed before the commit: what was fetched. No volume, so that a commit can carry none. */
export const FETCHED_FOLDER = "/guise-fetched";

/** What one layer's scripts find in the build folder. */
export function layerFiles(layer: ChainLayer, mirrors: HostMirrors, keyRings: readonly BuildFile[]): BuildFile[] {
  return [
    { name: "authorities.pem", content: mirrors.authorities },
    { name: "sources.list", content: `${mirrors.apt.map((source) => sourceLine(source, keyRings)).join("\n")}\n` },
    { name: "apt-options", content: mirrors.aptOptions.map((option) => `${option}\n`).join("") },
    { name: "packages", content: lines(layer.packages) },
    { name: "names", content: lines(namesOf(layer)) },
    { name: "locked", content: lines((layer.lock ?? []).filter(({ source }) => source === undefined).map(lockedLine)) },
    ...loginFiles(mirrors),
    ...keyRings,
  ];
}

function namesOf({ maker, packages }: ChainLayer): string[] {
  return maker === "close" ? [] : packages.map((argument) => packageName(maker, argument));
}

/** A file of one text a line. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** Key rings of the host are carried in under their own name; without one the image's own have to do. */
export function keyRingName(path: string): string {
  return `keyring-${path.replace(/[^A-Za-z0-9.]+/g, "-")}`;
}

function sourceLine(source: HostMirrors["apt"][number], keyRings: readonly BuildFile[]): string {
  const name = source.ring?.name ?? (source.signedBy === undefined ? undefined : keyRingName(source.signedBy));
  const carried = keyRings.some((ring) => ring.name === name);
  return renderAptSource(source, carried && name !== undefined ? `${BUILD_FOLDER}/${name}` : undefined);
}

/** Variables of both phases, and of whatever runs with nothing open: nothing of the mirrors is in them. */
export function closedVariables({ target }: Pick<ChainLayer, "target">): Record<string, string> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    B: BUILD_FOLDER,
    F: FETCHED_FOLDER,
    target,
    HOME: `${BUILD_FOLDER}/home`,
    LC_ALL: "C.UTF-8",
    DEBIAN_FRONTEND: "noninteractive",
    PYTHONDONTWRITEBYTECODE: "1",
    PIP_CONFIG_FILE: "/dev/null",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

/** And those of fetching, as a file on tmpfs: a proxy or a mirror may carry a password, and the engine shows an exec's arguments and variables. */
export function buildVariables(layer: Pick<ChainLayer, "target">, mirrors: HostMirrors): Record<string, string> {
  const authorities = `${BUILD_FOLDER}/authorities.pem`;
  return {
    ...closedVariables(layer),
    SSL_CERT_FILE: authorities,
    NODE_EXTRA_CA_CERTS: authorities,
    PIP_CERT: authorities,
    PIP_INDEX_URL: mirrors.pipIndex,
    ...(mirrors.pipTrusted === undefined ? {} : { PIP_TRUSTED_HOST: mirrors.pipTrusted, UV_INSECURE_HOST: mirrors.pipTrusted }),
    npm_config_registry: mirrors.npmRegistry.replace(/\/$/, ""),
    npm_config_cafile: authorities,
    ...sourceVariables(mirrors),
    ...proxyVariables(mirrors.proxies),
  };
}

/**
 * Before the packages' own scripts run: what may hold a password of a mirror or a proxy is gone. apt goes on with the lists that it
 * fetched, which it finds by its sources; their addresses without a name and password are the same to it.
 */
export function forgetSecretsScript(layer: ChainLayer, mirrors: HostMirrors, keyRings: readonly BuildFile[]): string {
  const apt = mirrors.apt.map((source) => ({ ...source, uri: source.uri.replace(/\/\/[^/@]*@/, "//") }));
  const aptOptions = mirrors.aptOptions.filter((option) => !/proxy|auth|:\/\//i.test(option));
  const files = layerFiles(layer, { ...mirrors, apt, aptOptions, sources: [] }, keyRings);
  return `rm -rf ${BUILD_FOLDER}/fetch ${BUILD_FOLDER}/home ${BUILD_FOLDER}/indexes\n${setupScript(files, closedVariables(layer))}`;
}

/** A shell script that writes the files and the variables; it goes in over standard input. Undefined: those of before stay. */
export function setupScript(files: readonly BuildFile[], variables: Readonly<Record<string, string>> | undefined): string {
  const exports = Object.entries(variables ?? {}).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  const all = variables === undefined ? files : [...files, { name: "variables", content: exports.join("") }];
  const write = ({ name, content }: BuildFile) =>
    `base64 -d > ${BUILD_FOLDER}/${name} <<'GUISE'\n${Buffer.from(content)
      .toString("base64")
      .replace(/.{1,76}/g, "$&\n")}GUISE\n`;
  return `umask 022\nmkdir -p ${BUILD_FOLDER}/home ${FETCHED_FOLDER}\n${all.map(write).join("")}`;
}

/** A phase's script as a file; the package list becomes an array, never shell text. */
export function phaseScript(body: string): string {
  return `. ${BUILD_FOLDER}/variables\nmapfile -t packages < $B/packages\nmapfile -t names < $B/names\n${body}\n`;
}
