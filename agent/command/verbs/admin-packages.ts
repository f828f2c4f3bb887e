import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { EVERYONE, type PackageSourceView, SOURCE_MANAGERS, type SourceLogin, type SourceManager } from "@guise/contract";
import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { secretIn } from "../secret-in.ts";
import { UsageError } from "../usage-error.ts";
import { collected, type JsonOption, withJson } from "../verb.ts";

interface LoginOptions {
  readonly username?: string;
  readonly token?: boolean;
}

interface WhomOptions {
  readonly for: readonly string[];
  readonly forEveryone?: boolean;
}

interface AddOptions extends JsonOption, LoginOptions, WhomOptions {
  readonly manager: SourceManager;
  readonly url: string;
  readonly suite: readonly string[];
  readonly component: readonly string[];
  readonly key?: string;
  readonly scope: readonly string[];
  readonly files: readonly string[];
}

interface SetOptions extends JsonOption, LoginOptions, WhomOptions {
  readonly key?: string;
  /** False where nothing is to open it any more. */
  readonly login?: boolean;
}

export function addPackageVerbs(admin: Command, app: App): void {
  const packages = admin.command("packages").description("Where packages come from.");
  const source = packages.command("source").description("Places that packages come from beside this installation's own mirrors.");
  withJson(whom(withLogin(source.command("add <source>"))))
    .description("Lets packages come from a further apt repository, Python index or npm registry, for builds that begin from now on.")
    .addOption(new Option("--manager <manager>", "whose packages it has").choices(SOURCE_MANAGERS).makeOptionMandatory())
    .requiredOption("--url <address>", "its address, without a name or password")
    .option("--suite <suite>", "apt: a suite, as in its deb line; may be repeated", collected, [])
    .option("--component <component>", "apt: a component, as in its deb line; may be repeated", collected, [])
    .option("--key <file>", "apt: the file with the key that its lists are signed by, as its owner gives it out")
    .option(
      "--scope <scope>",
      "npm: a scope that comes from it, such as @acme; may be repeated; without one it takes the registry's place",
      collected,
      [],
    )
    .option("--files <address>", "a further address that its files lie at; may be repeated", collected, [])
    .action(async (name: string, options: AddOptions) => {
      const groups = groupsOf(options);
      if (groups === undefined) throw new UsageError("nothing says whose personas may use it", "--for GROUP, or --for-everyone");
      const { manager, url, suite, component, scope, files } = options;
      const key = options.key === undefined ? undefined : await keyIn(app, options.key);
      const login = await loginOf(app, options);
      const { admin: operator } = await app.connect();
      const added = await operator.addPackageSource({
        ...{ source: name, manager, url, groups: [...groups] },
        ...(suite.length === 0 ? {} : { suites: [...suite] }),
        ...(component.length === 0 ? {} : { components: [...component] }),
        ...(key === undefined ? {} : { key }),
        ...(scope.length === 0 ? {} : { scopes: [...scope] }),
        ...(files.length === 0 ? {} : { files: [...files] }),
        ...(login === undefined ? {} : { login }),
      });
      printSource(app, options, added);
    });
  withJson(whom(withLogin(source.command("set <source>"))))
    .description("Changes whom a source is for, its key, or what opens it. Its address stays: remove it and add it anew.")
    .option("--key <file>", "apt: the file with the key that its lists are signed by from now on")
    .option("--no-login", "nothing opens it any more: it is open to all")
    .action(async (name: string, options: SetOptions) => {
      const groups = groupsOf(options);
      const key = options.key === undefined ? undefined : await keyIn(app, options.key);
      const login = options.login === false ? null : await loginOf(app, options);
      const change = {
        ...(groups === undefined ? {} : { groups: [...groups] }),
        ...(key === undefined ? {} : { key }),
        ...(login === undefined ? {} : { login }),
      };
      if (Object.keys(change).length === 0)
        throw new UsageError("nothing was said that changes", "--for GROUP, --username NAME, --token, --no-login or --key FILE");
      printSource(app, options, await (await app.connect()).admin.changePackageSource(name, change));
    });
  withJson(source.command("list", { isDefault: true }))
    .description("All of them, and whom they are for.")
    .action(async (options: JsonOption) => {
      const sources = await (await app.connect()).admin.packageSources();
      if (options.json === true) return app.output.json(sources);
      app.output.table(
        ["SOURCE", "MANAGER", "FOR", "LOGIN", "WHAT"],
        sources.map((one) => [one.source, one.manager, forWhom(one), one.has_login ? "yes" : "no", whatOf(one)]),
      );
    });
  source
    .command("remove <source>")
    .description("Lets no package come from it any more. What was built with it stays as it is.")
    .action(async (name: string) => {
      await (await app.connect()).admin.removePackageSource(name);
      app.output.line(`${name} is removed; what was built with it stays as it is`);
    });
}

function withLogin(command: Command): Command {
  return command
    .option("--username <name>", "the name that it lets in; the password is asked for, or read from the standard input")
    .option("--token", "it lets a token in, which is asked for, or read from the standard input");
}

function whom(command: Command): Command {
  return command
    .option(
      "--for <group>",
      "a group whose personas may be built with it and whose members may receive them; may be repeated",
      collected,
      [],
    )
    .option("--for-everyone", "every persona may be built with it");
}

function groupsOf({ for: groups, forEveryone }: WhomOptions): readonly string[] | undefined {
  if (forEveryone === true && groups.length > 0)
    throw new UsageError("it is for everyone or for groups, not for both", "--for GROUP, or --for-everyone");
  if (forEveryone === true) return [EVERYONE];
  return groups.length === 0 ? undefined : groups;
}

async function loginOf(app: App, { username, token }: LoginOptions): Promise<SourceLogin | undefined> {
  if (token === true && username !== undefined)
    throw new UsageError("a source lets in a name or a token, not both", "--username NAME, or --token");
  if (token === true) return { token: await secretIn(app.context, "The token") };
  return username === undefined ? undefined : { username, password: await secretIn(app.context, `The password of ${username}`) };
}

/** Armored text as it is, and a ring of bytes as base64. */
async function keyIn(app: App, file: string): Promise<string> {
  const bytes = await readFile(resolve(app.context.cwd, file)).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`, "--key FILE");
  });
  const text = bytes.toString("latin1");
  return text.trimStart().startsWith("-----BEGIN") ? text : bytes.toString("base64");
}

function printSource(app: App, options: JsonOption, view: PackageSourceView): void {
  if (options.json === true) {
    app.output.json(view);
    return;
  }
  app.output.line(
    `${view.source}: ${view.manager} packages from ${view.url}, for ${forWhom(view)}${view.has_login ? ", with a login" : ""}`,
  );
  app.output.note("It counts for builds that begin from now on; a persona that is there gets it by: guise persona refresh PERSONA");
}

function forWhom({ groups }: PackageSourceView): string {
  return groups.includes(EVERYONE) ? "everyone" : groups.join(", ");
}

function whatOf({ url, suites, components, scopes }: PackageSourceView): string {
  return [url, suites.join(","), components.join(","), scopes.join(",")].filter((part) => part !== "").join(" ");
}
