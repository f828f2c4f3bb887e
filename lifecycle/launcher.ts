import { type LaunchRequest, type LaunchView, Refusal } from "@guise/contract";
import { type Clock, codeOf, delay, type Ids, type Log, messageOf } from "#foundation";
import type { ConcreteApplication } from "#persona";
import { type Channel, type FoundLaunch, findLaunches, startLaunch, stopLaunch, waitForExit } from "#provisioning";
import type { LaunchRow, Repository, WorkspaceRow } from "#repository";
import { applicationIn } from "./translate.ts";

/** The use of a shared channel into a workspace's sandbox. */
export interface ChannelUse {
  readonly channel: Channel;
  release(): void;
}

export interface LauncherOptions {
  readonly repository: Repository;
  readonly channelOf: (workspace: WorkspaceRow) => Promise<ChannelUse>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** An application begins or ends. */
  readonly noteActivity?: (workspace: string) => void;
}

/** How long to wait before a launch whose channel was lost is watched again, ms. */
const WATCH_AGAIN = 3_000;

/** A launch of kind command waits for the person who runs it; what it will run is kept until then. */
interface PendingCommand {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts, finds and ends applications in ready workspaces, and writes down what was launched. */
export class ApplicationLauncher {
  readonly #options: LauncherOptions;
  readonly #pending = new Map<string, PendingCommand>();
  readonly #closing = new AbortController();

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** Rejects Refusal `application_not_found`, `launch_failed`. A web application that runs already is given back. */
  async launch(workspace: WorkspaceRow, request: LaunchRequest): Promise<LaunchView> {
    this.#options.noteActivity?.(workspace.id);
    const application = await this.#applicationOf(workspace, request.application);
    if (application.kind === "web") {
      const running = (await this.list(workspace)).find(
        (launch) => launch.application === application.application && launch.state === "running",
      );
      if (running !== undefined) return running;
    }
    const row = rowOf(workspace, application, this.#options.ids.next("l", 12), this.#options.clock.now());
    const command = [...application.command, ...(request.arguments ?? [])];
    if (application.kind === "command") {
      this.#pending.set(row.id, { command, variables: { ...application.variables, GUISE_APP: row.id } });
      const waiting: LaunchRow = { ...row, state: "starting" };
      await this.#options.repository.recordLaunch(waiting);
      return viewOf(waiting);
    }
    await this.#options.repository.recordLaunch({ ...row, state: "starting" });
    await this.#start(workspace, application, row, command, request);
    await this.#options.repository.updateLaunch(row.id, { state: "running" });
    this.#watch(workspace.id, row);
    return viewOf(row);
  }

  /** What a launch of kind command runs, once: the first who asks runs it. */
  takeCommand(launch: string): PendingCommand | undefined {
    const pending = this.#pending.get(launch);
    this.#pending.delete(launch);
    return pending;
  }

  /** A command in the foreground began, or ended with `exit`. */
  async commandMoved(
    launch: string,
    change: { readonly state: "running" } | { readonly state: "exited"; readonly exit: number },
  ): Promise<void> {
    const ended = change.state === "exited" ? { exit: change.exit, endedAt: this.#options.clock.now() } : {};
    await this.#options.repository.updateLaunch(launch, { state: change.state, ...ended });
  }

  /** As written down, compared with what really runs where that can be asked. */
  async list(workspace: WorkspaceRow): Promise<readonly LaunchView[]> {
    const rows = await this.#options.repository.launches(workspace.id);
    const open = rows.filter(({ state, kind }) => state === "running" && kind !== "command");
    if (open.length === 0) return rows.map(viewOf);
    const found = workspace.state === "ready" ? await this.#found(workspace) : new Map<string, FoundLaunch>();
    if (found === undefined) return rows.map(viewOf);
    const changed = new Map<string, LaunchRow>();
    for (const row of open) {
      const change = changeOf(row, workspace, found.get(row.id), this.#options.clock.now());
      if (change === undefined) continue;
      await this.#options.repository.updateLaunch(row.id, change);
      changed.set(row.id, { ...row, ...change });
    }
    return rows.map((row) => viewOf(changed.get(row.id) ?? row));
  }

  /** After a restart of Guise: finds the launches of a workspace that was taken over, and watches those that run. */
  async takeOver(workspace: WorkspaceRow): Promise<void> {
    await this.list(workspace);
    for (const row of await this.#options.repository.launches(workspace.id))
      if (row.state === "running" && row.kind !== "command") this.#watch(workspace.id, row);
  }

  /** Opens again what was open when the workspace was suspended, each application once. */
  async reopen(workspace: WorkspaceRow): Promise<void> {
    const { repository, clock, log } = this.#options;
    const open = (await repository.launches(workspace.id)).filter(({ state }) => state === "suspended");
    for (const launch of open) await repository.updateLaunch(launch.id, { state: "exited", endedAt: clock.now() });
    for (const application of new Set(open.map((launch) => launch.application)))
      await this.launch(workspace, { application }).catch((error: unknown) =>
        log.warn({ err: error, workspace: workspace.id, application }, "an application was not opened again"),
      );
  }

  /** Stops watching; what was launched goes on. */
  close(): void {
    this.#closing.abort(new Error("Guise is stopping"));
  }

  /** Writes down the end of a launch when it comes. A lost channel is no end: it is watched again while its sandbox lives. */
  #watch(workspace: string, launch: LaunchRow): void {
    this.#watchOnce(workspace, launch).catch((error: unknown) => {
      if (!this.#closing.signal.aborted)
        this.#options.log.warn({ err: error, launch: launch.id }, "the end of a launch could not be written");
    });
  }

  async #watchOnce(workspace: string, launch: LaunchRow): Promise<void> {
    const { repository, clock } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      const row = await repository.workspace(workspace);
      if (row === undefined || row.state !== "ready" || row.generation !== launch.generation) return;
      await this.#using(row, (channel) => waitForExit(channel, launch.id, signal)).catch(() => undefined);
      if (signal.aborted) return;
      const now = (await repository.workspace(workspace)) ?? row;
      const state = (await this.list(now)).find(({ launch_id }) => launch_id === launch.id)?.state;
      if (state !== "running") this.#options.noteActivity?.(workspace);
      if (state !== "running" || now.state !== "ready") return;
      await delay(clock, WATCH_AGAIN, signal);
    }
  }

  /** Resolves when nothing of it runs. Rejects Refusal `not_found`. */
  async stop(workspace: WorkspaceRow, launch: string): Promise<void> {
    const row = (await this.#options.repository.launches(workspace.id)).find(({ id }) => id === launch);
    if (row === undefined) throw new Refusal("not_found", `There is no launch ${launch}.`);
    this.#pending.delete(launch);
    await this.#using(workspace, (channel) => stopLaunch(channel, launch));
    if (row.state === "running" || row.state === "starting")
      await this.#options.repository.updateLaunch(launch, { state: "exited", endedAt: this.#options.clock.now() });
  }

  async #start(
    workspace: WorkspaceRow,
    application: ConcreteApplication,
    row: LaunchRow,
    command: readonly string[],
    request: LaunchRequest,
  ): Promise<void> {
    const { web, workingDirectory } = application;
    const spec = {
      launchId: row.id,
      kind: application.kind === "web" ? ("web" as const) : ("terminal" as const),
      command,
      variables: application.variables,
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(request.columns === undefined || request.rows === undefined ? {} : { size: { columns: request.columns, rows: request.rows } }),
      ...(web === undefined ? {} : { readiness: { port: web.port, path: web.readyPath, within: web.within } }),
    };
    try {
      await this.#using(workspace, (channel) => startLaunch(channel, spec, { clock: this.#options.clock }));
    } catch (error) {
      await this.#options.repository.updateLaunch(row.id, { state: "failed", endedAt: this.#options.clock.now() });
      if (codeOf(error) === "launch_failed" || codeOf(error) === "readiness_failed") {
        throw new Refusal("launch_failed", `${application.name} did not start: ${messageOf(error)}`, { cause: error });
      }
      throw error;
    }
  }

  async #applicationOf(workspace: WorkspaceRow, name: string): Promise<ConcreteApplication> {
    const version = await this.#options.repository.version(workspace.persona, workspace.version);
    const application = applicationIn(workspace, version, name);
    if (application !== undefined) return application;
    const names = workspace.applications.map((each) => each.application).join(", ");
    throw new Refusal("application_not_found", `${workspace.personaName} has no application "${name}"; it has ${names || "none"}.`);
  }

  /** Undefined when the sandbox could not be asked. */
  async #found(workspace: WorkspaceRow): Promise<ReadonlyMap<string, FoundLaunch> | undefined> {
    try {
      const found = await this.#using(workspace, (channel) => findLaunches(channel));
      return new Map(found.map((launch) => [launch.launchId, launch]));
    } catch (error) {
      this.#options.log.warn({ err: error, workspace: workspace.id }, "launches could not be looked up");
      return undefined;
    }
  }

  async #using<T>(workspace: WorkspaceRow, work: (channel: Channel) => Promise<T>): Promise<T> {
    const { channel, release } = await this.#options.channelOf(workspace);
    try {
      return await work(channel);
    } finally {
      release();
    }
  }
}

/** What is written of a launch that was running, after a look inside; undefined: it still runs. Pure. */
function changeOf(
  row: LaunchRow,
  workspace: WorkspaceRow,
  found: FoundLaunch | undefined,
  now: number,
): { state: "exited" | "lost"; exit?: number; endedAt: number } | undefined {
  if (row.generation !== workspace.generation || found === undefined || found.state === "lost") return { state: "lost", endedAt: now };
  if (found.state === "running") return undefined;
  return { state: "exited", endedAt: found.endedAt ?? now, ...(found.exit === undefined ? {} : { exit: found.exit }) };
}

function rowOf(workspace: WorkspaceRow, application: ConcreteApplication, id: string, now: number): LaunchRow {
  return {
    id,
    workspace: workspace.id,
    generation: workspace.generation,
    application: application.application,
    kind: application.kind,
    state: "running",
    startedAt: now,
    ...(application.web === undefined ? {} : { web: { port: application.web.port, path: application.web.path } }),
  };
}

export function viewOf(row: LaunchRow): LaunchView {
  return {
    launch_id: row.id,
    workspace_id: row.workspace,
    application: row.application,
    kind: row.kind as LaunchView["kind"],
    state: row.state,
    started_at: new Date(row.startedAt).toISOString(),
    ...(row.endedAt === undefined ? {} : { ended_at: new Date(row.endedAt).toISOString() }),
    ...(row.exit === undefined ? {} : { exit: row.exit }),
    ...(row.web === undefined ? {} : { path: row.web.path }),
  };
}
