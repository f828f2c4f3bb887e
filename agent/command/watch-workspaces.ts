import { formatBandwidth, formatBytes, formatCpu, type UsageSample, type WorkspaceView } from "@guise/contract";
import type { AgentError, PersonaAgent } from "../sdk/index.ts";
import type { App } from "./app.ts";
import { queueLine } from "./progress-lines.ts";
import { UsageError } from "./usage-error.ts";

interface WatchOptions {
  readonly json?: boolean;
  readonly released?: boolean;
  readonly everyone?: boolean;
}

const HEADER = ["PERSONA", "ENVIRONMENT", "NAME", "STATE", "CPU", "MEMORY", "STORAGE", "IN", "OUT", "NOTE"];

/** Shows one's workspaces and what they use until Ctrl-C. Rejects when nobody is signed in any more. */
export async function watchWorkspaces(app: App, agent: PersonaAgent, options: WatchOptions): Promise<void> {
  if (options.released === true || options.everyone === true)
    throw new UsageError("--watch shows what you hold now", "guise ps --released, or --everyone, without --watch");
  if (options.json !== true && app.context.stdout.isTTY !== true)
    throw new UsageError("--watch draws on a terminal, and there is none here", "guise ps --watch --json, for one message a line");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const forget = app.context.onInterrupt(resolve);
  const picture = new Picture(app);
  const feed = agent.live({
    message: (message) => {
      if (options.json === true) app.output.jsonLine(message);
      else if (message.kind === "workspaces") picture.whole(message.workspaces);
      else if (message.kind === "workspace") picture.one(message.workspace);
      else if (message.kind === "usage") picture.uses(message.sample);
    },
    state: (state) => {
      if (state.state === "ended") reject(state.error satisfies AgentError);
      else if (options.json !== true) picture.connected(state.state === "connected");
    },
  });
  try {
    await promise;
  } finally {
    forget();
    feed.close();
  }
}

class Picture {
  readonly #app: App;
  #workspaces = new Map<string, WorkspaceView>();
  readonly #usage = new Map<string, UsageSample>();
  #isConnected = true;

  constructor(app: App) {
    this.#app = app;
  }

  whole(workspaces: readonly WorkspaceView[]): void {
    this.#workspaces = new Map(workspaces.map((view) => [view.workspace_id, view]));
    this.#draw();
  }

  one(view: WorkspaceView): void {
    if (view.state === "released") this.#workspaces.delete(view.workspace_id);
    else this.#workspaces.set(view.workspace_id, view);
    this.#draw();
  }

  uses(sample: UsageSample): void {
    this.#usage.set(sample.workspace_id, sample);
    this.#draw();
  }

  connected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    this.#draw();
  }

  #draw(): void {
    const rows = [...this.#workspaces.values()].map((view) => this.#row(view));
    const last = this.#isConnected ? [] : [["the connection was lost; it is tried again, and what stands here may be old"]];
    this.#app.output.redraw(HEADER, rows.length === 0 ? [["no workspace"], ...last] : [...rows, ...last]);
  }

  #row(view: WorkspaceView): string[] {
    const { persona_id, environment, name, state, demand } = view;
    const sample = state === "ready" ? this.#usage.get(view.workspace_id) : undefined;
    const used =
      sample === undefined
        ? ["-", "-", "-", "-", "-"]
        : [
            `${formatCpu(sample.cpu)} of ${formatCpu(demand.cpu)}`,
            `${formatBytes(sample.ram)} of ${formatBytes(demand.ram)}`,
            `${formatBytes(sample.storage)} of ${formatBytes(demand.storage)}`,
            formatBandwidth(sample.ingress),
            formatBandwidth(sample.egress),
          ];
    const says = view.place !== undefined || view.reason !== undefined || view.message !== undefined;
    return [persona_id, environment, name, state, ...used, state === "ready" || !says ? "" : queueLine(view)];
  }
}
