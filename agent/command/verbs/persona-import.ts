import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { formatBytes, type ImportedLists, MAXIMUM_PERSONA_BYTES } from "@guise/contract";
import type { Command } from "commander";
import { AgentError, type PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { toneOf } from "../output.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, withJson } from "../verb.ts";

/** Rounds in which lists may name further files. */
const MOST_ROUNDS = 10;
/** What a list may lead to on this machine: another list, nothing else. */
const IS_LIST = /\.(?:txt|in|pip)$|(?:^|\/)(?:package\.json|pyproject\.toml|environment\.ya?ml)$/;

export function addImport(group: Command, app: App): void {
  withJson(group.command("import <files...>"))
    .description(
      "Makes a draft of a persona of lists that you have: requirements.txt, pyproject.toml, environment.yml, package.json, apt.txt, Aptfile,\n" +
        "devcontainer.json, .tool-versions. Tells of each line whether it was carried, changed (how) or not carried (why, and what to do instead).\n" +
        "Files that a list names are read as well, where they lie beside it or below. Nothing is stored.",
    )
    .option("-o, --output <file>", "write the draft to FILE (without it, to the persona's id with .json); writes over nothing")
    .action(async (files: string[], options: JsonOption & { output?: string }) => {
      const agent = await app.connect();
      const imported = await importFrom(app, agent, files);
      if (options.json === true) return app.output.json(imported);
      print(app, imported);
      if (imported.document === undefined)
        throw new AgentError("invalid", "nothing in it could be carried, so there is no draft", {
          remedy: "The table above says why, line by line.",
        });
      await write(app, agent, imported.document, options.output);
    });
}

async function importFrom(app: App, agent: PersonaAgent, files: readonly string[]): Promise<ImportedLists> {
  const root = rootOf(files.map((file) => dirname(resolve(app.context.cwd, file))));
  const nameOf = (path: string) => relative(root, path).split(sep).join("/");
  const lists = files.map((file) => nameOf(resolve(app.context.cwd, file)));
  const contents = new Map<string, string>();
  for (const [index, name] of lists.entries()) contents.set(name, await listIn(join(root, name), files[index] ?? name));
  for (let round = 0; ; round++) {
    const given = [...contents].map(([name, content]) => ({ name, content }));
    const imported = await agent.personas.import({ lists, files: given });
    const news = imported.wanted.filter((name) => !contents.has(name) && mayRead(root, name));
    const before = contents.size;
    for (const name of news) {
      const content = await readFile(join(root, name), "utf8").catch(() => undefined);
      if (content !== undefined && Buffer.byteLength(content) <= MAXIMUM_PERSONA_BYTES) contents.set(name, content);
    }
    if (contents.size === before || round === MOST_ROUNDS) return imported;
  }
}

/** The folder that all of them are in; of lists in `.devcontainer` the project's own, whose files they name. */
function rootOf(folders: readonly string[]): string {
  const projects = folders.map((folder) => (basename(folder) === ".devcontainer" ? dirname(folder) : folder));
  const [first = "/", ...more] = projects;
  let root = first;
  while (root !== dirname(root) && !more.every((folder) => folder === root || folder.startsWith(`${root}${sep}`))) root = dirname(root);
  return root;
}

/** Whatever a list says, only other lists in its own folder or below are read. */
function mayRead(root: string, name: string): boolean {
  const path = resolve(root, name);
  return path.startsWith(`${root}${sep}`) && IS_LIST.test(name);
}

async function listIn(path: string, shown: string): Promise<string> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${shown} cannot be read: ${error.code ?? error.message}`, "guise persona import requirements.txt");
  });
  if (Buffer.byteLength(content) > MAXIMUM_PERSONA_BYTES)
    throw new AgentError("payload_too_large", `${shown} is larger than ${formatBytes(MAXIMUM_PERSONA_BYTES)}.`);
  return content;
}

function print({ output }: App, { rows }: ImportedLists): void {
  const table = rows.map(({ file, line, text, outcome, becomes, why }) => [
    outcome.replace("_", " "),
    line === undefined ? file : `${file}:${line}`,
    text,
    [becomes, why].filter(Boolean).join(" · "),
  ]);
  output.table(["OUTCOME", "WHERE", "LINE", "BECOMES · WHY"], table, { column: 0, of: toneOf });
  const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  output.note(`${count("carried")} carried, ${count("changed")} changed, ${count("not_carried")} not carried`);
}

async function write(app: App, agent: PersonaAgent, document: string, file: string | undefined): Promise<void> {
  const { persona_id } = JSON.parse(document) as { persona_id: string };
  const path = file ?? `${persona_id}.json`;
  await writeFile(resolve(app.context.cwd, path), document, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST")
      throw new UsageError(`${path} is there already, and is not written over`, "guise persona import LIST --output OTHER-FILE");
    throw new UsageError(`${path} cannot be written: ${error.code ?? error.message}`, "a path in a folder of yours");
  });
  const { problems, unasked } = await agent.personas.validate(document);
  app.output.line(`written to ${path}`);
  if (unasked !== undefined) app.output.note(unasked);
  if (problems.length === 0)
    return app.output.note(`It is valid. Look at what it may take, then: guise persona publish ${path} --group GROUP`);
  throw new AgentError("invalid_persona", `${path} has ${problems.length} problem${problems.length === 1 ? "" : "s"}`, {
    problems,
    remedy: `Correct them in the file, then: guise persona validate ${path}`,
  });
}
