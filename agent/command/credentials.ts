import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentError } from "../sdk/index.ts";

/** What `guise login` (or the set-up) leaves for the next command. */
export interface Credentials {
  readonly broker: string;
  /** Long-lived; exchanged for short tokens. */
  readonly sign_in: string;
  /** The checkout that `guise up` and `guise down` start and stop. */
  readonly installation?: string;
  /** The folder of its state, where it is an installation on this machine. */
  readonly home?: string | undefined;
}

/** Throws AgentError `not_authenticated` when there are none, or when others may read them. */
export async function readCredentials(path: string): Promise<Credentials> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw notSignedIn(`You are not signed in: there is no ${path}.`);
    throw error;
  });
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new AgentError("not_authenticated", `${path} can be read by others.`, { remedy: `chmod 600 ${path}` });
  }
  const found = parsed(text);
  if (found === undefined) throw notSignedIn(`${path} holds no credentials of Guise.`);
  return found;
}

/** Written beside and renamed, mode 0600 from its first byte: no other command ever reads half of it. */
export async function writeCredentials(path: string, credentials: Credentials): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}`;
  try {
    await writeFile(beside, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
    await chmod(beside, 0o600);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}

function notSignedIn(message: string): AgentError {
  return new AgentError("not_authenticated", message, { remedy: "guise login --broker ADDRESS --code CODE" });
}

function parsed(text: string): Credentials | undefined {
  try {
    const found = JSON.parse(text) as Partial<Credentials> | null;
    if (typeof found?.broker !== "string" || typeof found.sign_in !== "string") return undefined;
    const { broker, sign_in, installation, home } = found;
    return {
      broker,
      sign_in,
      ...(typeof installation === "string" ? { installation } : {}),
      ...(typeof home === "string" ? { home } : {}),
    };
  } catch {
    return undefined;
  }
}
