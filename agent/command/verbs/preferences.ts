import { resolve } from "node:path";
import { formatBytes, listed, type Preferences, type PreferencesView, SHELLS } from "@guise/contract";
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { belowHome, filesToPrefer } from "../preferences/files-to-prefer.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

/** What a person takes along into every workspace. */
export const preferences: Verb = (program, app) => {
  const group = program
    .command("preferences")
    .summary("what you take along into every workspace: editor, shell, Git identity, language, dotfiles")
    .description(
      "What you take along into every workspace, where its persona leaves room for it: editor, shell, Git identity, language, time zone and\n" +
        "small text files of your home. It holds from the next start or resume of each. Nothing secret: no password, token or private key.",
    );
  withJson(group.command("show"))
    .description("Your preferences.")
    .action(async (options: JsonOption) => print(app, options, await (await app.connect()).preferences.show()));
  addSet(group, app);
  addFiles(group, app);
};

interface SetOptions extends JsonOption {
  readonly editor?: string;
  readonly shell?: string;
  readonly gitName?: string;
  readonly gitEmail?: string;
  readonly language?: string;
  readonly timeZone?: string;
}

function addSet(group: Command, app: App): void {
  withJson(group.command("set"))
    .description('Changes what is named; an empty text ("") takes it out.')
    .option("--editor <program>", "what EDITOR and VISUAL say, such as vim")
    .addOption(new Option("--shell <shell>", "what terminals begin with, where the workspace has it").choices([...SHELLS, ""]))
    .option("--git-name <name>", "who commits")
    .option("--git-email <address>", "the e-mail address in commits")
    .option("--language <tag>", "in place of the browser's, such as de or pt-BR")
    .option("--time-zone <zone>", "in place of the browser's, such as Europe/Berlin")
    .action(async ({ json, ...asked }: SetOptions) => {
      if (Object.keys(asked).length === 0) throw new UsageError("nothing is named to be set", "guise preferences set --editor vim");
      const changed = await (await app.connect()).preferences.change((present) => withAsked(present, asked));
      print(app, json === true ? { json } : {}, changed);
    });
}

/** What is empty goes; what is not named stays. */
function withAsked(present: Preferences, { gitName, gitEmail, timeZone, ...asked }: Omit<SetOptions, "json">): Preferences {
  const git = merged(present.git ?? {}, { name: gitName, email: gitEmail });
  return merged(present, { ...asked, time_zone: timeZone, git: Object.keys(git).length === 0 ? "" : git }) as Preferences;
}

function merged(present: Readonly<Record<string, unknown>>, asked: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = Object.entries(asked).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...Object.entries(present), ...named].filter(([name, value]) => value !== "" && asked[name] !== ""));
}

function addFiles(group: Command, app: App): void {
  withJson(group.command("add-file <files...>"))
    .description(
      "Takes text files, and all those in folders, along: each lies in a workspace where it lies in your home here. At most 64 of them, 256 KiB\n" +
        "in all; what a workspace has at that place already stays.",
    )
    .option("--as <path>", "where it lies in a workspace, below its home: .vimrc; for a folder's files: . or .config/nvim")
    .action(async (files: string[], options: JsonOption & { as?: string }) => {
      const added = await filesOf(app, files, options.as);
      const changed = await (await app.connect()).preferences.change((present) => ({ ...present, files: { ...present.files, ...added } }));
      print(app, options, changed);
    });
  withJson(group.command("remove-file <paths...>"))
    .description("Takes files along no more. What a home has of them already stays there.")
    .action(async (paths: string[], options: JsonOption) => {
      const agent = await app.connect();
      const gone = new Set(paths.map((path) => storedPath(app, path)));
      const { preferences: present } = await agent.preferences.show();
      const unknown = [...gone].filter((path) => !Object.hasOwn(present.files ?? {}, path));
      if (unknown.length > 0) throw new UsageError(`${listed(unknown)} is not among your preferences`, "guise preferences show");
      const changed = await agent.preferences.change((now) => ({
        ...now,
        files: Object.fromEntries(Object.entries(now.files ?? {}).filter(([path]) => !gone.has(path))),
      }));
      print(app, options, changed);
    });
}

async function filesOf({ context }: App, files: readonly string[], target: string | undefined): Promise<NonNullable<Preferences["files"]>> {
  if (target !== undefined && files.length > 1)
    throw new UsageError("--as is for one file or folder", "guise preferences add-file FILE --as PATH");
  const found: NonNullable<Preferences["files"]> = {};
  for (const file of files) {
    const path = resolve(context.cwd, file);
    const below = target === undefined ? belowHome(path, context.home) : target.replace(/^~\/?|^\.\/?$/, "");
    if (below === undefined)
      throw new UsageError(`${file} does not lie in your home`, `guise preferences add-file ${file} --as PATH-BELOW-THE-HOME`);
    Object.assign(found, await filesToPrefer(path, below.replace(/\/$/, "")));
  }
  return found;
}

/** A shell makes /home/ada/.vimrc of ~/.vimrc. */
function storedPath({ context }: App, path: string): string {
  if (path.startsWith("~/")) return path;
  const below = belowHome(resolve(context.cwd, path), context.home);
  return below === undefined ? path : `~/${below}`;
}

function print({ output }: App, { json }: JsonOption, view: PreferencesView): void {
  if (json === true) {
    output.json(view);
    return;
  }
  const { editor, shell, git, language, time_zone: zone, files = {} } = view.preferences;
  const facts: readonly [string, string | undefined][] = [
    ["editor", editor],
    ["shell", shell],
    ["git name", git?.name],
    ["git e-mail", git?.email],
    ["language", language],
    ["time zone", zone],
    ...Object.entries(files).map(([path, { content }]): [string, string] => [
      "file",
      `${path} (${formatBytes(Buffer.byteLength(content))})`,
    ]),
  ];
  const known = facts.filter(([, value]) => value !== undefined);
  for (const [name, value = ""] of known) output.line(`${name.padEnd(11)} ${value}`);
  if (known.length === 0) output.note("You have set none. Try: guise preferences set --editor vim");
}
