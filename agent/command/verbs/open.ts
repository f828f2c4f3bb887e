import { AgentError, type PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { isWorkspaceId, namedLike } from "../held-workspace.ts";
import { UsageError } from "../usage-error.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";
import { portAsked } from "../web/port-asked.ts";

interface OpenOptions extends ChoiceOptions {
  readonly port?: string;
}

export const open: Verb = (program, app) => {
  withJson(withChoice(program.command("open [persona]")))
    .summary("a link that opens the portal in a browser, signed in as you")
    .description(
      "Prints a link that works once, for ten minutes. With PERSONA it leads to that workspace, or to opening that persona; with --port to a\n" +
        "server of your own that runs in the workspace, at an origin of its own.",
    )
    .option("-p, --port <port>", "the port inside that your server listens on, or what its persona calls it")
    .addHelpText("after", "\nExamples:\n  guise open\n  guise open web-developer --port 5173\n  guise open web-developer --port Preview")
    .action(async (persona: string | undefined, options: OpenOptions) => {
      const agent = await app.connect();
      const page = await pageAsked(app, agent, persona, options);
      if (page !== undefined && !/^\/[a-z]+\/[a-z0-9-]+(?:\?tab=port-\d+)?$/.test(page))
        throw new AgentError("invalid", `"${persona}" is not a persona's id.`);
      const { link, expires_at } = await agent.signInLink(page);
      if (options.json === true) app.output.json({ link, expires_at });
      else app.output.line(link);
    });
};

async function pageAsked(app: App, agent: PersonaAgent, persona: string | undefined, options: OpenOptions): Promise<string | undefined> {
  const { port, environment, name } = options;
  if (port === undefined) {
    if (environment !== undefined || name !== undefined)
      throw new UsageError("--environment and --name say whose --port is opened", "the workspace's id or name alone, to open its page");
    return persona === undefined ? undefined : pageOf(agent, persona);
  }
  if (persona === undefined) throw new UsageError("--port is a port of a workspace", "guise open PERSONA --port PORT");
  const workspace = await app.awakeWorkspace(agent, persona, options);
  return `/workspaces/${workspace.id}?tab=port-${await portAsked(agent, workspace, port)}`;
}

/** Of a workspace by its id or its name, where no persona is called like that; else of the persona. */
async function pageOf(agent: PersonaAgent, shown: string): Promise<string> {
  if (isWorkspaceId(shown)) return `/workspaces/${shown}`;
  const [named, ...others] = namedLike(await agent.workspaces(), shown, {});
  if (named === undefined || others.length > 0) return `/open/${shown}`;
  const isPersona = (await agent.personas.list()).some(({ persona_id }) => persona_id === shown);
  return isPersona ? `/open/${shown}` : `/workspaces/${named.workspace_id}`;
}
