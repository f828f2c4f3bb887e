import type { SourceLogin, SourceManager } from "@guise/contract";
import type { BuildFile } from "../box/build-file.ts";
import type { HostMirrors } from "./host-mirrors.ts";
import type { OpenSource } from "./open-source.ts";

/** An index that is asked beside the mirror, as the scripts of a build read it. */
interface AskedIndex {
  readonly source: string;
  readonly manager: SourceManager;
  readonly url: string;
  readonly scopes: readonly string[];
  /** Value of the header that opens it. */
  readonly authorization: string | undefined;
}

/** What opens the sources, in the form that each manager reads. They lie on tmpfs, and are gone before any package's own code runs. */
export function loginFiles({ sources }: Pick<HostMirrors, "sources">): BuildFile[] {
  const npm = sources.filter(({ source }) => source.manager === "npm");
  const indexes = sources.filter(({ source }) => source.manager !== "apt").map(askedIndex);
  return [
    { name: "apt-logins", content: sources.map(aptLogin).join("") },
    ...(indexes.length === 0 ? [] : [{ name: "indexes", content: JSON.stringify(indexes) }]),
    ...(npm.length === 0 ? [] : [{ name: "home/.npmrc", content: npm.map(npmSettings).join("") }]),
  ];
}

/** Variables of fetching: Python's indexes before the mirror's, and the registry that takes its place. */
export function sourceVariables({ sources }: Pick<HostMirrors, "sources">): Record<string, string> {
  const pip = sources.filter(({ source }) => source.manager === "pip").map(addressWithLogin);
  const registry = sources.find(({ source: { manager, scopes } }) => manager === "npm" && scopes.length === 0);
  return {
    ...(pip.length === 0 ? {} : { UV_INDEX: pip.join(" ") }),
    ...(registry === undefined ? {} : { npm_config_registry: withoutSlash(registry.source.url) }),
  };
}

/** Every form in which what opens a source or a mirror could be said again. */
export function secretsOf({ sources, apt, pipIndex, npmRegistry, proxies, aptOptions }: HostMirrors): string[] {
  const addresses = [...apt.map(({ uri }) => uri), pipIndex, npmRegistry, proxies.http, proxies.https, ...aptOptions].flatMap(passwordsIn);
  const given = sources.flatMap(({ login }) => (login === undefined ? [] : [...partsOf(login), encoded(login)]));
  const all = [...addresses, ...given].flatMap((secret) => [secret, encodeURIComponent(secret), base64(secret)]);
  return [...new Set(all)].filter((secret) => secret.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** What is shorter stands in every second line by chance. */
const SHORTEST = 4;

function passwordsIn(text: string | undefined): string[] {
  const found = /\/\/([^/@:\s]*):([^/@\s]*)@/.exec(text ?? "");
  if (found === null) return [];
  const [, user = "", password = ""] = found;
  return [password, decoded(password), base64(`${decoded(user)}:${decoded(password)}`)];
}

/** The parts that are secret: who somebody is to a registry is none, and often stands in its addresses. */
function partsOf(login: SourceLogin): string[] {
  return "token" in login ? [login.token] : [login.password];
}

/** For a token the name that Python's registries take it under. */
function pairOf(login: SourceLogin): { readonly username: string; readonly password: string } {
  return "token" in login ? { username: "__token__", password: login.token } : login;
}

function encoded(login: SourceLogin): string {
  const { username, password } = pairOf(login);
  return base64(`${username}:${password}`);
}

function askedIndex({ source: { source, manager, url, scopes }, login }: OpenSource): AskedIndex {
  const isBearer = login !== undefined && "token" in login && manager === "npm";
  const authorization = login === undefined ? undefined : isBearer ? `Bearer ${partsOf(login)[0]}` : `Basic ${encoded(login)}`;
  return { source, manager, url: withoutSlash(url), scopes, authorization };
}

/** A line of apt_auth.conf(5): it counts for what lies below the address. */
function aptLogin({ source: { manager, url }, login }: OpenSource): string {
  if (manager !== "apt" || login === undefined) return "";
  const { username, password } = pairOf(login);
  return `machine ${withoutSlash(url)}/ login ${username} password ${password}\n`;
}

function addressWithLogin({ source, login }: OpenSource): string {
  const url = new URL(source.url);
  if (login !== undefined) {
    const { username, password } = pairOf(login);
    url.username = encodeURIComponent(username);
    url.password = encodeURIComponent(password);
  }
  return url.href;
}

/** Values as JSON, which npm's reader takes as they are. */
function npmSettings({ source: { url, scopes }, login }: OpenSource): string {
  const address = withoutSlash(url);
  const place = `${address.replace(/^https?:/, "")}/`;
  const lines = scopes.map((scope) => `${scope}:registry=${address}/`);
  if (login !== undefined) {
    lines.push(
      "token" in login ? `${place}:_authToken=${JSON.stringify(login.token)}` : `${place}:_auth=${JSON.stringify(encoded(login))}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
