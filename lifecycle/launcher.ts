import { kindFacts, type LaunchRequest, type LaunchView, Refusal } from "@guise/contract";
import { type Clock, codeOf, delay, type Ids, type Log, messageOf } from "#foundation";
import type { ConcreteApplication } from "#persona";
import { type Channel, type FoundLaunch, findLaunches, lastWords, readOutput, startLaunch, stopLaunch, waitForExit } from "#provisioning";
import { type LaunchRow, launchView, type Repository, type WorkspaceRow } from "#repository";
import { changeOf, endedSoonOrBadly, rowOf } from "./launch-records.ts";
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
    const { isSingle, runsAs } = kindFacts(application.kind);
    if (isSingle) {
      const running = (await this.list(workspace)).find(
        (launch) => launch.application === application.application && launch.state === "running",
      );
      if (running !== undefined) return running;
    }
    const { ids, clock } = this.#options;
    const row = rowOf(workspace, application, { id: ids.next("l", 12), now: clock.now(), request });
    if (runsAs === undefined) {
      this.#pending.set(row.id, { command: commandOf(application, row), variables: { ...application.variables, GUISE_APP: row.id } });
      const waiting: LaunchRow = { ...row, state: "starting" };
      await this.#options.repository.recordLaunch(waiting);
      return launchView(waiting);
    }
    await this.#options.repository.recordLaunch({ ...row, state: "starting" });
    await this.#start(workspace, application, row, request);
    return launchView(row);
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
    const open = rows.filter(({ state, kind }) => state === "running" && kindFacts(kind).runsAs !== undefined);
    if (open.length === 0) return rows.map(launchView);
    const found = workspace.state === "ready" ? await this.#found(workspace) : new Map<string, FoundLaunch>();
    if (found === undefined) return rows.map(launchView);
    const changed = new Map<string, LaunchRow>();
    for (const row of open) {
      const ended = changeOf(row, workspace, found.get(row.id), this.#options.clock.now());
      if (ended === undefined) continue;
      const change = endedSoonOrBadly(row, ended) ? { ...ended, ...(await this.#lastWordsOf(workspace, row)) } : ended;
      await this.#options.repository.updateLaunch(row.id, change);
      changed.set(row.id, { ...row, ...change });
    }
    return rows.map((row) => launchView(changed.get(row.id) ?? row));
  }

  /** After a restart of Guise: finds the launches of a workspace that was taken over, watches those that run, and opens what was not opened again yet. */
  async takeOver(workspace: WorkspaceRow): Promise<void> {
    await this.list(workspace);
    for (const row of await this.#options.repository.launches(workspace.id))
      if (row.state === "running" && kindFacts(row.kind).runsAs !== undefined) this.#watch(workspace.id, row);
    await this.reopen(workspace);
  }

  /** Opens again what was open when the workspace was suspended, as it was: who holds one goes on with it under the same id. */
  async reopen(workspace: WorkspaceRow): Promise<void> {
    const open = (await this.#options.repository.launches(workspace.id)).filter(({ state }) => state === "suspended");
    await Promise.all(open.map((launch) => this.#openAgain(workspace, launch)));
  }

  async #openAgain(workspace: WorkspaceRow, launch: LaunchRow): Promise<void> {
    const { repository, clock, log } = this.#options;
    const again = { generation: workspace.generation, startedAt: clock.now() };
    try {
      const application = await this.#applicationOf(workspace, launch.application).catch(async (error: unknown) => {
        await repository.updateLaunch(launch.id, { state: "failed", again, endedAt: clock.now(), said: messageOf(error) });
        throw error;
      });
      await repository.updateLaunch(launch.id, { state: "starting", again });
      await this.#start(workspace, application, { ...launch, ...again, state: "running" }, {});
    } catch (error) {
      log.warn({ err: error, workspace: workspace.id, application: launch.application }, "an application was not opened again");
    }
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
    request: Pick<LaunchRequest, "columns" | "rows">,
  ): Promise<void> {
    const { web, workingDirectory } = application;
    const spec = {
      launchId: row.id,
      kind: application.kind,
      command: commandOf(application, row),
      variables: application.variables,
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(request.columns === undefined || request.rows === undefined ? {} : { size: { columns: request.columns, rows: request.rows } }),
      ...(row.screen === undefined ? {} : { screen: row.screen }),
      ...(web === undefined ? {} : { readiness: { port: web.port, path: web.readyPath, within: web.within } }),
    };
    const { repository, clock } = this.#options;
    try {
      await this.#using(workspace, (channel) => startLaunch(channel, spec, { clock }));
    } catch (error) {
      await repository.updateLaunch(row.id, { state: "failed", endedAt: clock.now(), said: messageOf(error) });
      if (codeOf(error) === "launch_failed" || codeOf(error) === "readiness_failed") {
        throw new Refusal("launch_failed", `${application.name} did not start: ${messageOf(error)}`, { cause: error });
      }
      throw error;
    }
    await repository.updateLaunch(row.id, { state: "running" });
    this.#watch(workspace.id, row);
  }

  /** Nothing where it cannot be asked. */
  async #lastWordsOf(workspace: WorkspaceRow, { id }: LaunchRow): Promise<{ said?: string }> {
    const said = await this.#using(workspace, (channel) => readOutput(channel, id)).catch(() => "");
    const words = lastWords(said);
    return words === "" ? {} : { said: words };
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

function commandOf(application: ConcreteApplication, { arguments: given = [] }: LaunchRow): readonly string[] {
  return [...application.command, ...given];
}
