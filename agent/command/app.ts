import { PersonaAgent, type Workspace } from "../sdk/index.ts";
import type { CommandContext } from "./context.ts";
import { readCredentials } from "./credentials.ts";
import { exitCodeOf } from "./exit-code.ts";
import { heldWorkspace, type WorkspaceOptions } from "./held-workspace.ts";
import { Output } from "./output.ts";
import { progressLines } from "./progress-lines.ts";
import { renderError } from "./render-error.ts";
import { openWebSocket } from "./web-socket.ts";

/** What every verb works with. */
export class App {
  readonly context: CommandContext;
  readonly output: Output;
  exitCode = 0;

  constructor(context: CommandContext) {
    this.context = context;
    this.output = new Output(context);
  }

  async connect(): Promise<PersonaAgent> {
    const { broker, sign_in } = await readCredentials(this.context.credentialsPath);
    return PersonaAgent.connect({ broker, token: { sign_in }, openSocket: openWebSocket });
  }

  /** Tells the person, and gives the exit code that tells scripts. */
  fail(error: unknown): number {
    this.output.still();
    this.output.notes(renderError(error));
    this.exitCode = exitCodeOf(error);
    return this.exitCode;
  }

  /** PERSONA on the command line: a persona, or the id or name of a workspace. */
  workspace(agent: PersonaAgent, persona: string, options: WorkspaceOptions): Promise<Workspace> {
    return heldWorkspace(agent, persona, options);
  }

  /** The same, for who opens something in it: one that is paused is resumed first. Ctrl-C ends the waiting, not the resuming. */
  async awakeWorkspace(agent: PersonaAgent, persona: string, options: WorkspaceOptions): Promise<Workspace> {
    const workspace = await this.workspace(agent, persona, options);
    if (workspace.view.state !== "suspended") return workspace;
    this.output.note(`${workspace.view.persona_name} is paused; it is resumed first`);
    const stopped = new AbortController();
    const forget = this.context.onInterrupt(() => stopped.abort());
    try {
      await workspace.resume({ signal: stopped.signal, onProgress: progressLines(this.output) });
    } finally {
      this.output.still();
      forget();
    }
    return workspace;
  }
}
