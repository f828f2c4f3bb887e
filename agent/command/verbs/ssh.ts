import { copyFile, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { App } from "../app.ts";
import { clientOptions, HOST_PREFIX, nameInHost } from "../ssh/client-options.ts";
import { configBlock, withBlock, withoutBlock } from "../ssh/config-block.ts";
import { ensureIdentity, noOpenSsh, noteServer, publicKeyOf, serverPair, sshFilesBeside } from "../ssh/key-files.ts";
import { throughPipes } from "../terminal-session.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice } from "../verb.ts";

/** What serves SSH inside: the same that Guise itself comes by. It reads who may sign in, its own key, and that nothing follows. */
const SERVER = ["sh", "-c", 'exec /usr/lib/guise/ssh "$(id -u)"'];

export const ssh: Verb = (program, app) => {
  withChoice(program.command("ssh <persona> [arguments...]"))
    .summary("a workspace by this machine's own OpenSSH client")
    .description(
      "Runs ssh. What follows -- are its own arguments: options, and a command. For scp, sftp, rsync, and editors that work over SSH: guise config-ssh.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  guise ssh data-analyst\n  guise ssh data-analyst -- -L 5432:localhost:5432 -N\n  guise ssh data-analyst -- uname -a",
    )
    .action(async (persona: string, args: string[], options: ChoiceOptions) => {
      const agent = await app.connect();
      const { id } = await app.awakeWorkspace(agent, persona, options);
      const files = sshFilesBeside(app.context.credentialsPath);
      await ensureIdentity(files);
      const settings = clientOptions(app.context, files).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
      // ssh takes options on both sides of the host.
      const words = [...settings, `${HOST_PREFIX}${id}`, ...args];
      app.exitCode = await app.context.runProgram("ssh", words, app.context.cwd).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "ENOENT" ? noOpenSsh() : error;
      });
    });
};

export const configSsh: Verb = (program, app) => {
  program
    .command("config-ssh")
    .summary("let ssh, scp, sftp, rsync and editors reach workspaces by name")
    .description(
      `Writes one block into ~/.ssh/config and leaves all else in it as it is. From then on a workspace is the host ${HOST_PREFIX}PERSONA, or ${HOST_PREFIX} and the id or name of one.`,
    )
    .option("--remove", "take the block out again")
    .addHelpText(
      "after",
      "\nExamples:\n  guise config-ssh\n  scp report.pdf guise-data-analyst:work/\n  ssh -L 8000:localhost:8000 guise-web-developer",
    )
    .action(async ({ remove = false }: { readonly remove?: boolean }) => {
      const path = join(app.context.home, ".ssh", "config");
      const files = sshFilesBeside(app.context.credentialsPath);
      if (!remove) await ensureIdentity(files);
      const before = await readFile(path, "utf8").catch(absent);
      const after = remove ? withoutBlock(before) : withBlock(before, configBlock(clientOptions(app.context, files)));
      if (after !== before) await write(path, after);
      app.output.line(remove ? `${path} has no block of Guise's` : `${path} leads to workspaces: ssh ${HOST_PREFIX}PERSONA`);
    });
};

/** Not for people: OpenSSH runs it, and speaks to the server inside over its standard streams. */
export const sshProxy: Verb = (program, app) => {
  program.command("ssh-proxy <host>", { hidden: true }).action((host: string) => proxy(app, host));
};

async function proxy(app: App, host: string): Promise<void> {
  const name = nameInHost(host);
  if (name === undefined) throw new UsageError(`"${host}" is no workspace`, `ssh ${HOST_PREFIX}PERSONA`);
  const files = sshFilesBeside(app.context.credentialsPath);
  await ensureIdentity(files);
  const [agent, server, client] = await Promise.all([app.connect(), serverPair(), publicKeyOf(files)]);
  const workspace = await app.awakeWorkspace(agent, name, {});
  await noteServer(files, host, server.public);
  // Ctrl-C is for what runs inside: the client tells it, and ends this.
  const context = { ...app.context, onInterrupt: () => () => {} };
  app.exitCode = await throughPipes(context, async (onOutput, onNotice) => {
    const session = await workspace.execStream({ command: SERVER }, onOutput, onNotice);
    await session.write(new TextEncoder().encode(`${client}\n${server.private.trim()}\n0\n`));
    return session;
  });
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "";
  throw error;
}

/** Where the file is a link, what it leads to is written. The one before is kept beside it, once. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    absent(error);
    return path;
  });
  const mode = await stat(real).then(
    (found) => found.mode & 0o777,
    () => 0o600,
  );
  const kept = `${real}.before-guise`;
  await stat(kept).catch(() => copyFile(real, kept).catch(absent));
  const beside = `${real}.guise-${process.pid}`;
  await writeFile(beside, text, { mode });
  await rename(beside, real);
}
