import { formatDuration, type ParameterValues, type Priority } from "@guise/contract";
import { AgentError, hasCode, type PersonaAgent, type Workspace } from "../sdk/index.ts";
import type { App } from "./app.ts";
import { typedParameters } from "./parameters.ts";
import { progressLines } from "./progress-lines.ts";

/** How the command line says what is asked for. */
export interface RequestedOptions {
  readonly environment?: string | undefined;
  /** A draft of one's own. */
  readonly version?: number | undefined;
  readonly name?: string | undefined;
  readonly param: readonly string[];
  readonly priority?: Priority | undefined;
  readonly wait: boolean;
  readonly json?: boolean | undefined;
  /** Told as soon as the broker has written the request down. */
  readonly onAccepted?: ((workspace_id: string) => void) | undefined;
}

/** Asks for a persona and waits until its workspace is ready, with progress. Ctrl-C stops the waiting alone. */
export async function requested(app: App, agent: PersonaAgent, persona: string, options: RequestedOptions): Promise<Workspace> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  const lines = progressLines(app.output);
  try {
    return await agent.requestPersona(persona, {
      environment: options.environment,
      version: options.version,
      name: options.name,
      parameters: await parametersOf(agent, persona, options.param, options.version),
      priority: options.priority,
      wait: options.wait ? undefined : false,
      signal: stopped.signal,
      onProgress: (progress) => {
        if (progress.kind === "workspace") options.onAccepted?.(progress.workspace.workspace_id);
        if (options.json !== true) lines(progress);
        else if (progress.kind !== "workspace") app.output.jsonLine(progress);
      },
    });
  } catch (error) {
    if (hasCode(error, "not_found"))
      throw new AgentError("not_found", `There is no persona ${persona} that you may request.`, {
        remedy: "List them: guise persona list",
      });
    if (hasCode(error, "aborted") && options.onAccepted === undefined) {
      const meant = `${persona}${chosen(options)}`;
      app.output.note(`the request goes on. Look: guise why ${meant}. Give it up: guise release ${meant}`);
    }
    throw error;
  } finally {
    app.output.still();
    forget();
  }
}

/** The same choice, for the next command line. */
function chosen({ environment, name }: RequestedOptions): string {
  return `${environment === undefined ? "" : ` -e ${environment}`}${name === undefined ? "" : ` -n ${name}`}`;
}

async function parametersOf(
  agent: PersonaAgent,
  persona: string,
  pairs: readonly string[],
  version: number | undefined,
): Promise<ParameterValues | undefined> {
  if (pairs.length === 0) return undefined;
  const declared = version === undefined ? await declaredBy(agent, persona) : (await agent.personas.version(persona, version)).parameters;
  return typedParameters(pairs, declared);
}

/** Of the version that a request gets, or will get: while the first is being built there is no latest one. */
async function declaredBy(agent: PersonaAgent, persona: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await agent.personas.version(persona)).parameters;
  } catch (error) {
    if (!hasCode(error, "persona_not_usable")) throw error;
    return (await agent.personas.versions(persona))[0]?.parameters ?? {};
  }
}

export function printReady(app: App, { id, view }: Workspace): void {
  const { persona_name, environment, name, requested_at, ready_at, generation } = view;
  // One that was resumed was asked for long ago.
  const took =
    ready_at === undefined || generation > 1 ? "" : ` in ${formatDuration(Math.max(0, Date.parse(ready_at) - Date.parse(requested_at)))}`;
  app.output.status("good", "ready", `${persona_name}, environment ${environment}, name ${name}${took}`);
  app.output.line(id);
}
