import { formatAmounts, formatBuildTime, formatBytes, type ParameterDefinition, runtimesLines, type VersionView } from "@guise/contract";
import type { Command } from "commander";
import { AgentError } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { documentIn } from "../document-in.ts";
import { toneOf } from "../output.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";
import { addBom, versionIn } from "./persona-bom.ts";
import { addDiff } from "./persona-diff.ts";
import { addDiscardDraft, addPublishDraft, addTry } from "./persona-draft.ts";
import { addImport } from "./persona-import.ts";
import { addNew } from "./persona-new.ts";
import { addPublish } from "./persona-publish.ts";
import { addRefresh } from "./persona-refresh.ts";
import { addRemove, addRetire } from "./persona-retire.ts";
import { addTest } from "./persona-test.ts";

export const persona: Verb = (program, app) => {
  const group = program
    .command("persona")
    .summary(
      "definitions: new, import, validate, try, test, publish, list, show, diff, roll back, refresh, retire, remove, bill of materials",
    )
    .description("Persona definitions.");
  addNew(group, app);
  addImport(group, app);
  addValidate(group, app);
  addTry(group, app);
  addTest(group, app);
  addPublish(group, app);
  addPublishDraft(group, app);
  addDiscardDraft(group, app);
  addList(group, app);
  addShow(group, app);
  addDiff(group, app);
  addRollback(group, app);
  addBom(group, app);
  addRefresh(group, app);
  addRetire(group, app);
  addRemove(group, app);
};

function addValidate(group: Command, app: App): void {
  withJson(group.command("validate <file>"))
    .description(
      "Checks a definition and lists everything that is wrong with it, packages that no mirror has among them: path, reason, nearest right name. Stores nothing.",
    )
    .action(async (file: string, options: JsonOption) => {
      const document = await documentIn(app, file);
      const result = await (await app.connect()).personas.validate(document);
      if (options.json === true) app.output.json(result);
      else if (result.valid) app.output.line(`${file} is valid`);
      if (options.json !== true && result.runtimes !== undefined)
        for (const line of runtimesLines(result.runtimes)) app.output.line(`  ${line}`);
      if (result.unasked !== undefined) app.output.note(result.unasked);
      if (result.valid) return;
      const error = new AgentError("invalid_persona", `${file} has ${counted(result.problems.length, "problem")}`, {
        problems: result.problems,
        remedy: `Correct them, then: guise persona validate ${file}`,
      });
      app.fail(error);
    });
}

function addList(group: Command, app: App): void {
  withJson(group.command("list"))
    .description("The personas that you may see. Whether you may request one in an environment is for its groups to say.")
    .action(async (options: JsonOption) => {
      const views = await (await app.connect()).personas.list();
      if (options.json === true) return app.output.json(views);
      if (views.length === 0) return app.output.note("There is no persona for you yet.");
      const rows = views.map((view) => [
        view.persona_id,
        String(view.version),
        stateWords(view),
        view.environments.join(","),
        view.persona_name,
      ]);
      app.output.table(["PERSONA", "VERSION", "STATE", "ENVIRONMENTS", "NAME"], rows, { column: 2, of: toneOf });
    });
}

function addShow(group: Command, app: App): void {
  withJson(group.command("show <persona> [version]"), "print the definition and all that is known")
    .description("One persona: its versions, what it needs, and how its build stands.")
    .option("--log", "print the build log")
    .action(async (id: string, version: string | undefined, options: JsonOption & { log?: boolean }) => {
      const { personas } = await app.connect();
      const versions = await personas.versions(id);
      const shown =
        versions.find((view) => (version === undefined ? view.latest : String(view.version) === version)) ?? newest(versions, version);
      if (options.log === true) {
        const lines = await personas.log(id, shown.version);
        return options.json === true ? app.output.json(lines) : app.output.lines(lines.join("\n"));
      }
      if (options.json === true) return app.output.json(await personas.version(id, shown.version));
      printVersion(app, shown);
      const rows = versions.map((view) => [
        String(view.version),
        stateWords(view),
        view.latest ? "yes" : "",
        view.published_at,
        view.published_by,
      ]);
      app.output.table(["VERSION", "STATE", "LATEST", "PUBLISHED", "BY"], rows, { column: 1, of: toneOf });
    });
}

function addRollback(group: Command, app: App): void {
  withJson(group.command("rollback <persona> <version>"))
    .description("Makes an earlier usable version the one that a request gets. Running workspaces keep theirs.")
    .action(async (id: string, version: string, options: JsonOption) => {
      const wanted = Number(versionIn(version, id));
      const view = await (await app.connect()).personas.rollback(id, wanted);
      if (options.json === true) app.output.json(view);
      else app.output.line(`a request for ${view.persona_id} now gets version ${view.version}`);
    });
}

/** A draft is seen by its author alone. */
function stateWords({ state, draft }: VersionView): string {
  return draft === true ? `draft, ${state}` : state;
}

function newest(versions: readonly VersionView[], asked: string | undefined): VersionView {
  const [first] = versions;
  if (first === undefined || asked !== undefined) throw new AgentError("not_found", `There is no version ${asked ?? ""} of it.`);
  return first;
}

function printVersion({ output }: App, view: VersionView): void {
  const fact = (name: string, value: string | undefined) =>
    value !== undefined && value !== "" && output.line(`${name.padEnd(12)} ${value}`);
  fact("persona", `${view.persona_name} (${view.persona_id})`);
  fact("description", view.description);
  fact("owned by", view.owner_group);
  fact("needs", view.demand === undefined ? undefined : formatAmounts(view.demand));
  fact("environments", view.environments.join(", "));
  Object.entries(view.parameters as Readonly<Record<string, ParameterDefinition>>).forEach(([name, definition], index) => {
    output.line(`${(index === 0 ? "parameters" : "").padEnd(12)} ${name}: ${parameterWords(definition)}`);
  });
  fact("applications", view.applications.map(({ application, kind }) => `${application} (${kind})`).join(", "));
  const { percent, message, image_bytes } = view.build ?? {};
  fact(
    "build",
    [percent === undefined || view.state !== "building" ? "" : `${Math.round(percent)} %`, message ?? ""].filter(Boolean).join(" "),
  );
  fact("build took", formatBuildTime(view.build ?? {}));
  fact("image", image_bytes === undefined ? undefined : `${formatBytes(image_bytes)}, revision ${view.revision}`);
  fact("refresh", refreshWords(view.refresh));
  output.line();
}

function refreshWords(refresh: VersionView["refresh"]): string | undefined {
  if (refresh === undefined) return undefined;
  const { state, percent, message } = refresh;
  if (state === "failed") return `failed, the present image stays in use: ${message ?? ""}`;
  return [percent === undefined ? "" : `${Math.round(percent)} %`, message ?? "waits for its turn"].filter(Boolean).join(" ");
}

/** "string, one of EU, UK; EU when it is not given". */
function parameterWords({ type, enum: choices, minimum, maximum, default: usual, description }: ParameterDefinition): string {
  const bounds = [minimum === undefined ? "" : `at least ${minimum}`, maximum === undefined ? "" : `at most ${maximum}`].filter(Boolean);
  const form = [type, ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]), ...bounds].join(", ");
  const without = usual === undefined ? "must be given" : `${usual} when it is not given`;
  return `${form}; ${without}${description === undefined ? "" : ` (${description})`}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
