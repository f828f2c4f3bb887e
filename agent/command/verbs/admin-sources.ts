import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type DataSourceReport, type DataSourceView, EVERYONE, EXIT_CODES, POSTGRES_PORT } from "@guise/contract";
import type { Command } from "commander";
import type { App } from "../app.ts";
import { secretIn } from "../secret-in.ts";
import { UsageError } from "../usage-error.ts";
import { collected, type JsonOption, withJson } from "../verb.ts";

interface WhomOptions {
  readonly for: readonly string[];
  readonly forEveryone?: boolean;
  readonly namedBy: readonly string[];
  readonly namedByEveryone?: boolean;
}

interface AddOptions extends JsonOption, WhomOptions {
  readonly postgres: string;
  readonly read: string;
  readonly write?: string;
  readonly username: string;
  readonly authority?: string;
}

interface SetOptions extends JsonOption, WhomOptions {
  readonly username?: string;
  /** False where a public authority signs its certificate from now on. */
  readonly authority?: string | false;
}

export function addSourceVerbs(admin: Command, app: App): void {
  const source = admin.command("source").description("Data that personas name: databases, and the folders that came with Guise.");
  withJson(whom(source.command("add <source>")))
    .description(
      "Registers a PostgreSQL database, in which each workspace of a persona that names it gets a role of its own. It is tried first.",
    )
    .requiredOption("--postgres <host:port/database>", `where it is; the port is ${POSTGRES_PORT} unless it is said`)
    .requiredOption("--read <role>", "the role of the database whose rights workspaces get to read")
    .option("--write <role>", "the role whose rights they get to write; without it nobody writes")
    .requiredOption("--username <name>", "who makes roles in it, no superuser; the password is asked for, or read from the standard input")
    .option("--authority <file>", "who signed its certificate, as PEM; without it, a public authority")
    .action(async (name: string, options: AddOptions) => {
      const { postgres, read, write, username, authority } = options;
      const place = placeIn(postgres);
      const { received_by, referenced_by } = lentIn(options);
      if (received_by === undefined) throw new UsageError("nothing says who may be given it", "--for GROUP, or --for-everyone");
      if (referenced_by === undefined)
        throw new UsageError("nothing says whose personas may name it", "--named-by GROUP, or --named-by-everyone");
      const pem = authority === undefined ? undefined : await pemIn(app, authority);
      const password = await secretIn(app.context, `The password of ${username}`);
      const added = await (await app.connect()).admin.addDataSource({
        ...{ source: name, kind: "postgres", ...place, roles: { read, ...(write === undefined ? {} : { write }) } },
        ...{ referenced_by: [...referenced_by], received_by: [...received_by], login: { username, password } },
        ...(pem === undefined ? {} : { authority: pem }),
      });
      printSource(app, options, added);
      app.output.note(`A persona names it: "access_controls": { "data_sources": [{ "source": "${name}", "access": "read" }] }`);
    });
  withJson(whom(source.command("set <source>")))
    .description("Changes whom a data source is lent to, who makes roles in it, or who signs its certificate. Where it is stays.")
    .option("--username <name>", "who makes roles in it from now on; the password is asked for, or read from the standard input")
    .option("--authority <file>", "who signs its certificate from now on, as PEM")
    .option("--no-authority", "a public authority signs it from now on")
    .action(async (name: string, options: SetOptions) => {
      const { username, authority } = options;
      const { received_by, referenced_by } = lentIn(options);
      const pem = authority === undefined ? undefined : authority === false ? null : await pemIn(app, authority);
      const change = {
        ...(received_by === undefined ? {} : { received_by: [...received_by] }),
        ...(referenced_by === undefined ? {} : { referenced_by: [...referenced_by] }),
        ...(pem === undefined ? {} : { authority: pem }),
        ...(username === undefined ? {} : { login: { username, password: await secretIn(app.context, `The password of ${username}`) } }),
      };
      if (Object.keys(change).length === 0)
        throw new UsageError("nothing was said that changes", "--for GROUP, --named-by GROUP, --username NAME or --authority FILE");
      printSource(app, options, await (await app.connect()).admin.changeDataSource(name, change));
    });
  withJson(source.command("list", { isDefault: true }))
    .description("All of them, whose personas may name them, and who may be given them.")
    .action(async (options: JsonOption) => {
      const sources = await (await app.connect()).admin.dataSources();
      if (options.json === true) return app.output.json(sources);
      app.output.table(
        ["SOURCE", "KIND", "WHERE", "ACCESS", "NAMED BY", "FOR", "HELD"],
        sources.map((one) => [
          ...[one.source, one.kind, one.place, one.writable ? "read, write" : "read"],
          ...[groupsText(one.referenced_by), groupsText(one.received_by)],
          one.being_removed ? `${one.held}, being removed` : String(one.held),
        ]),
      );
    });
  withJson(source.command("test <source>"))
    .description("Whether a database can be lent as it is now, with every reason where it cannot.")
    .action(async (name: string, options: JsonOption) => {
      const report = await (await app.connect()).admin.testDataSource(name);
      if (options.json === true) app.output.json(report);
      else for (const line of linesOf(name, report)) app.output.line(line);
      if (report.faults.length > 0) app.exitCode = EXIT_CODES.failed;
    });
  withJson(source.command("remove <source>"))
    .description("Takes a data source from everybody: nobody is given it, and workspaces that have it lose it within a minute.")
    .action(async (name: string, options: JsonOption) => {
      const view = await (await app.connect()).admin.removeDataSource(name);
      if (options.json === true) return app.output.json(view);
      const held =
        view.held === 0 ? "nobody has it" : `${view.held} ${view.held === 1 ? "workspace loses" : "workspaces lose"} it within a minute`;
      app.output.line(`${name} is removed; ${held}`);
    });
}

function whom(command: Command): Command {
  return command
    .option("--for <group>", "a group whose members may be given it; may be repeated", collected, [])
    .option("--for-everyone", "everybody may be given it")
    .option("--named-by <group>", "a group whose personas may name it; may be repeated", collected, [])
    .option("--named-by-everyone", "every persona may name it");
}

function lentIn({ for: receivers, forEveryone, namedBy, namedByEveryone }: WhomOptions) {
  if ((forEveryone === true && receivers.length > 0) || (namedByEveryone === true && namedBy.length > 0))
    throw new UsageError("it is for everyone or for groups, not for both", "--for GROUP, or --for-everyone");
  return { received_by: groupsIn(receivers, forEveryone), referenced_by: groupsIn(namedBy, namedByEveryone) };
}

function groupsIn(groups: readonly string[], everyone: boolean | undefined): readonly string[] | undefined {
  if (everyone === true) return [EVERYONE];
  return groups.length === 0 ? undefined : groups;
}

function placeIn(text: string): { readonly host: string; readonly port?: number; readonly database: string } {
  const [, bracketed, plain, port, database] = /^(?:\[([^\]]+)\]|([^:/]+))(?::(\d{1,5}))?\/(.+)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || database === undefined)
    throw new UsageError(`${text} is not HOST:PORT/DATABASE`, "--postgres db.example.com:5432/sales");
  return { host, database, ...(port === undefined ? {} : { port: Number(port) }) };
}

async function pemIn(app: App, file: string): Promise<string> {
  return readFile(resolve(app.context.cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`, "--authority FILE");
  });
}

function printSource(app: App, options: JsonOption, view: DataSourceView): void {
  if (options.json === true) {
    app.output.json(view);
    return;
  }
  const access = view.writable ? "to be read and written" : "to be read";
  app.output.line(
    `${view.source}: ${view.kind} ${view.place}, ${access} by ${groupsText(view.received_by)}, named by personas of ${groupsText(view.referenced_by)}`,
  );
}

function linesOf(name: string, { facts, faults, notes }: DataSourceReport): readonly string[] {
  const found = Object.entries(facts).map(([fact, value]) => `  ${fact}: ${value}`);
  const verdict = faults.length === 0 ? `${name} can be lent as it is` : `${name} cannot be lent as it is`;
  return [
    verdict,
    ...faults.map(({ message, remedy }) => `  ${message}. Try: ${remedy}`),
    ...notes.map((note) => `  note: ${note}`),
    ...found,
  ];
}

function groupsText(groups: readonly string[]): string {
  return groups.includes(EVERYONE) ? "everyone" : groups.join(", ");
}
