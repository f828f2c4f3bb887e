import { AgentError, type PersonaAgent } from "../../sdk/index.ts";
import { isWorkspaceId, namedLike } from "../held-workspace.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

export const open: Verb = (program, app) => {
  withJson(program.command("open [persona]"))
    .summary("a link that opens the portal in a browser, signed in as you")
    .description("Prints a link that works once, for ten minutes. With PERSONA it leads to that workspace, or to opening that persona.")
    .action(async (persona: string | undefined, options: JsonOption) => {
      const agent = await app.connect();
      const page = persona === undefined ? undefined : await pageOf(agent, persona);
      if (page !== undefined && !/^\/[a-z]+\/[a-z0-9-]+$/.test(page))
        throw new AgentError("invalid", `"${persona}" is not a persona's id.`);
      const { link, expires_at } = await agent.signInLink(page);
      if (options.json === true) app.output.json({ link, expires_at });
      else app.output.line(link);
    });
};

/** Of a workspace by its id or its name, where no persona is called like that; else of the persona. */
async function pageOf(agent: PersonaAgent, shown: string): Promise<string> {
  if (isWorkspaceId(shown)) return `/workspaces/${shown}`;
  const [named, ...others] = namedLike(await agent.workspaces(), shown, {});
  if (named === undefined || others.length > 0) return `/open/${shown}`;
  const isPersona = (await agent.personas.list()).some(({ persona_id }) => persona_id === shown);
  return isPersona ? `/open/${shown}` : `/workspaces/${named.workspace_id}`;
}
