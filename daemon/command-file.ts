import { randomUUID } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const OWNER = "# the Guise on ";
/** What `up` and `down` must know to act on the same installation again; whoever sets one himself is heard. */
const VARIABLES = ["GUISE_HOME", "GUISE_HOST", "GUISE_PORT", "GUISE_ENGINE"] as const;

export interface CommandFile {
  readonly path: string;
  readonly root: string;
  /** The installation that it reaches. */
  readonly home: string;
  readonly credentialsPath: string;
  readonly variables: NodeJS.ProcessEnv;
}

/** The command as a program of a few lines, under the product's own Node; signed in for who started Guise. */
export async function writeCommand({ path, root, home, credentialsPath, variables }: CommandFile): Promise<void> {
  const settings = VARIABLES.map((name) => [name, name === "GUISE_HOME" ? home : (variables[name] ?? "")] as const).filter(
    ([, value]) => value !== "",
  );
  const lines = [
    "#!/bin/sh",
    `${OWNER}${home}`,
    ...settings.map(([name, value]) => `[ -n "$${name}" ] || export ${name}=${quoted(value)}`),
    // Who else runs it has a sign-in of his own, where main.ts looks for it.
    `if [ -z "$GUISE_CREDENTIALS" ] && [ -O ${quoted(credentialsPath)} ]; then`,
    `  export GUISE_CREDENTIALS=${quoted(credentialsPath)}`,
    "fi",
    `exec ${quoted(process.execPath)} ${quoted(join(root, "agent", "command", "main.ts"))} "$@"`,
    "",
  ];
  // Beside and renamed: a shell that starts the old one meanwhile never reads half of the new one.
  const beside = `${path}.${randomUUID()}`;
  await writeFile(beside, lines.join("\n"));
  await chmod(beside, 0o755);
  await rename(beside, path);
}

/** The installation that a command reaches; undefined where there is none that says. */
export async function ownerOfCommand(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .find((line) => line.startsWith(OWNER))
    ?.slice(OWNER.length);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** As it is typed in the checkout. */
export async function commandName(root: string, home: string): Promise<string> {
  return (await ownerOfCommand(join(root, "guise"))) === home ? "./guise" : join(home, "guise");
}
