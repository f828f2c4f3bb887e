import type { CommandContext } from "../context.ts";
import type { SshFiles } from "./key-files.ts";

/** What host names of workspaces begin with. */
export const HOST_PREFIX = "guise-";
const HOST = /^guise-([a-z0-9-]{1,63})$/;

/** The persona, or the id or name of a workspace, that a host name stands for. */
export function nameInHost(host: string): string | undefined {
  return HOST.exec(host)?.[1];
}

/**
 * How OpenSSH reaches a workspace: over this command, with a key of its own, and to no server but the one that this command says. Nothing of this
 * machine goes along: no agent, no display, no variables but those that say how a terminal writes.
 */
export function clientOptions(
  context: Pick<CommandContext, "self" | "credentialsPath">,
  files: SshFiles,
): readonly (readonly [string, string])[] {
  const proxy = ["/usr/bin/env", `GUISE_CREDENTIALS=${context.credentialsPath}`, ...context.self, "ssh-proxy"];
  return [
    ["User", "user"],
    ["ProxyCommand", `${proxy.map(quoted).join(" ")} %n`],
    ["IdentityFile", doubleQuoted(files.identity)],
    ["IdentitiesOnly", "yes"],
    ["IdentityAgent", "none"],
    ["UserKnownHostsFile", doubleQuoted(files.knownHosts)],
    ["GlobalKnownHostsFile", "/dev/null"],
    ["StrictHostKeyChecking", "yes"],
    ["HostKeyAlgorithms", "ssh-ed25519"],
    ["UpdateHostKeys", "no"],
    ["ForwardAgent", "no"],
    ["ForwardX11", "no"],
    ["LogLevel", "ERROR"],
  ];
}

/** A word of the shell that runs the command; the client itself puts something else in the place of each percent sign. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_/.:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`).replaceAll("%", "%%")}'`;
}

function doubleQuoted(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}
