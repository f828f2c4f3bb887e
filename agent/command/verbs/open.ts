import { AgentError } from "../../sdk/index.ts";
import { isWorkspaceId } from "../app.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

export const open: Verb = (program, app) => {
  withJson(program.command("open [persona]"))
    .summary("a link that opens the portal in a browser, signed in as you")
    .description("Prints a link that works once, for ten minutes. With PERSONA it leads to that workspace, or to opening that persona.")
    .action(async (persona: string | undefined, options: JsonOption) => {
      const agent = await app.connect();
      const page = persona === undefined ? undefined : isWorkspaceId(persona) ? `/workspaces/${persona}` : `/open/${persona}`;
      if (page !== undefined && !/^\/[a-z]+\/[a-z0-9-]+$/.test(page))
        throw new AgentError("invalid", `"${persona}" is not a persona's id.`);
      const { link, expires_at } = await agent.signInLink(page);
      if (options.json === true) app.output.json({ link, expires_at });
      else app.output.line(link);
    });
};
