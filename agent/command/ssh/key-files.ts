import { execFile } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UsageError } from "../usage-error.ts";

/** Files of the person's own machine that OpenSSH reads: beside the command's credentials, for nobody else to read. */
export interface SshFiles {
  readonly folder: string;
  /** The key by which the person signs in, the same for all workspaces. */
  readonly identity: string;
  /** Which keys the servers have, a line for each connection. */
  readonly knownHosts: string;
}

export function sshFilesBeside(credentialsPath: string): SshFiles {
  const folder = join(dirname(credentialsPath), "ssh");
  return { folder, identity: join(folder, "id_ed25519"), knownHosts: join(folder, "known_hosts") };
}

/** Makes the person's key where there is none yet. Rejects UsageError where OpenSSH is not there. */
export async function ensureIdentity({ folder, identity }: SshFiles): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readOrNothing(`${identity}.pub`)) !== "") return;
  const beside = await mkdtemp(join(folder, "new-"));
  try {
    const { private: secret, public: open } = await generatePair(beside);
    // The public part last: who finds it finds both.
    await rename(secret, identity);
    await rename(open, `${identity}.pub`);
  } finally {
    await rm(beside, { recursive: true });
  }
}

/** The person's own key as a line of an authorized_keys file. */
export async function publicKeyOf({ identity }: SshFiles): Promise<string> {
  const [kind, key] = (await readFile(`${identity}.pub`, "utf8")).split(" ");
  return `${kind} ${key}`.trim();
}

/** A pair for the server of one connection: whoever has it is the server that this connection leads to, and no other ever is. */
export async function serverPair(): Promise<{ readonly private: string; readonly public: string }> {
  const folder = await mkdtemp(join(tmpdir(), "guise-ssh-"));
  try {
    const pair = await generatePair(folder);
    const [kind, key] = (await readFile(pair.public, "utf8")).split(" ");
    return { private: await readFile(pair.private, "utf8"), public: `${kind} ${key}`.trim() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Connections that go on at the same time read theirs again when they sign in; more than that have none. */
const MOST_LINES = 500;
const KEPT_LINES = 100;

/** Says which key the server has that `host` leads to now. One line more, so that who connects at the same time keeps theirs. */
export async function noteServer({ knownHosts }: SshFiles, host: string, publicKey: string): Promise<void> {
  const lines = (await readOrNothing(knownHosts)).split("\n").filter((line) => line !== "");
  if (lines.length > MOST_LINES) {
    const beside = `${knownHosts}.${process.pid}`;
    await writeFile(beside, `${lines.slice(-KEPT_LINES).join("\n")}\n`, { mode: 0o600 });
    await rename(beside, knownHosts);
  }
  await appendFile(knownHosts, `${host} ${publicKey}\n`, { mode: 0o600 });
}

async function generatePair(folder: string): Promise<{ readonly private: string; readonly public: string }> {
  const path = join(folder, "pair");
  try {
    await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "guise", "-f", path]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw noOpenSsh();
    throw error;
  }
  return { private: path, public: `${path}.pub` };
}

export function noOpenSsh(): UsageError {
  return new UsageError("there is no OpenSSH client on this machine", "guise shell, guise cp and guise forward, which need none");
}

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
