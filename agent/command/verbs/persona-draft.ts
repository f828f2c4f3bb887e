import type { VersionView } from "@guise/contract";
import type { Command } from "commander";
import { AgentError, hasCode, type PersonaAgent, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { opened } from "../open-launches.ts";
import { printReady, type RequestedOptions, requested } from "../requesting.ts";
import { collected, type JsonOption, withJson } from "../verb.ts";
import { versionIn } from "./persona-bom.ts";
import { published } from "./persona-publish.ts";

interface TryOptions extends Omit<RequestedOptions, "version" | "onAccepted" | "wait"> {
  readonly group?: string;
  readonly replace?: boolean;
  readonly launch: boolean;
}

export function addTry(group: Command, app: App): void {
  withJson(group.command("try <file>"), "print events one a line, the workspace last; opens nothing")
    .description(
      "Stores the definition as a draft that nobody but you sees, waits until it is built, and requests a workspace of it, named draft,\n" +
        "beside what you hold of the persona. A draft takes the place of your former one; what runs of that goes on until you give it back.",
    )
    .option("--group <name>", "the group that is to own the persona; needed where you are in several")
    .option("-e, --environment <name>", "the environment, such as staging")
    .option("-n, --name <name>", "another name for the workspace")
    .option("-p, --param <name=value>", "a parameter of the persona; may be repeated", collected, [])
    .option("--replace", "give back what you hold of an earlier draft first, with its home")
    .option("--no-launch", "open nothing")
    .action(async (file: string, options: TryOptions) => {
      const agent = await app.connect();
      const draft = await published(app, agent, file, { group: options.group, draft: true });
      if (options.json !== true) app.output.note(`draft ${draft.version} of ${draft.persona_id} is yours alone`);
      const workspace = await tried(app, agent, draft, options);
      if (options.json === true) return app.output.jsonLine(workspace.view);
      printReady(app, workspace);
      app.output.note(`Publish it as it is: guise persona publish-draft ${draft.persona_id}`);
      if (options.launch) app.exitCode = await opened(app, agent, workspace);
    });
}

export function addPublishDraft(group: Command, app: App): void {
  withJson(group.command("publish-draft <persona> [version]"))
    .description("Publishes your draft as it is: the version that a request gets from now on, without another build.")
    .action(async (id: string, version: string | undefined, options: JsonOption) => {
      const { personas } = await app.connect();
      const view = await personas.publishDraft(id, version === undefined ? await ownDraft(personas, id) : Number(versionIn(version, id)));
      if (options.json === true) app.output.json(view);
      else if (view.state === "usable") app.output.line(`a request for ${view.persona_id} now gets version ${view.version}`);
      else app.output.line(`a request for ${view.persona_id} gets version ${view.version} as soon as its checks passed`);
    });
}

export function addDiscardDraft(group: Command, app: App): void {
  group
    .command("discard-draft <persona> [version]")
    .description("Discards your draft. A workspace that you hold of it goes on until you give it back.")
    .action(async (id: string, version: string | undefined) => {
      const { personas } = await app.connect();
      const wanted = version === undefined ? await ownDraft(personas, id) : Number(versionIn(version, id));
      await personas.discardDraft(id, wanted);
      app.output.line(`draft ${wanted} of ${id} is discarded`);
    });
}

/** Of each persona one has one draft at most. */
async function ownDraft(personas: PersonaAgent["personas"], persona: string): Promise<number> {
  const draft = (await personas.versions(persona)).find((view) => view.draft === true);
  if (draft !== undefined) return draft.version;
  throw new AgentError("not_found", `You have no draft of ${persona}.`, { remedy: "Make one: guise persona try FILE" });
}

/** In a workspace of the draft. One that is held of an earlier draft is given back first where that is wanted, and told else. */
async function tried(app: App, agent: PersonaAgent, draft: VersionView, options: TryOptions): Promise<Workspace> {
  const { persona_id: persona, version } = draft;
  const request = () => requested(app, agent, persona, { ...options, wait: true, version });
  try {
    return await request();
  } catch (error) {
    if (hasCode(error, "persona_not_usable"))
      throw new AgentError("persona_not_usable", error.message, {
        facts: error.facts,
        remedy: `Look at its log: guise persona show ${persona} ${version} --log`,
      });
    const { workspace_id: held, version: other, ...facts } = hasCode(error, "conflict") ? error.facts : {};
    if (typeof held !== "string" || other === undefined) throw error;
    if (options.replace !== true)
      throw new AgentError("conflict", `You hold workspace ${held} of an earlier draft, version ${other}.`, {
        facts: { ...facts, workspace_id: held, version: other },
        remedy: "Take out of it what you need, and try again with --replace; or with --name NAME beside it.",
      });
    await agent.releasePersona(persona, { workspace: held, withHome: true });
    return request();
  }
}
