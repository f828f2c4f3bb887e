import type { LiveMessage, UsageSample, WorkspaceEvent } from "@guise/contract";
import type { WebSocket } from "ws";
import type { Share, Timer } from "#foundation";
import type { VersionRow } from "#repository";
import { type Call, callerOf } from "../call.ts";
import { livingWorkspaces, ownView } from "../routes/workspaces.ts";
import { visibleTo } from "../shown-versions.ts";
import type { StreamGuard } from "../stream-guard.ts";
import { versionView } from "../views.ts";
import { LatestOfEach } from "./latest-of-each.ts";

/** Close codes of RFC 6455. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN = 1013;

/** Others take and give back room all the time; ms between two looks. */
const AVAILABILITY_PERIOD = 3_000;

/** After these the workspace reads otherwise; the others say all there is to know. */
const CHANGES: ReadonlySet<WorkspaceEvent["kind"]> = new Set([
  "state",
  "phase_finished",
  "idle",
  "home",
  "killed",
  "limit",
  "entry",
  "data_access",
  "queue",
  "launch",
  "reset",
]);

/** Everything of one person as it happens, over one socket. A reader that does not read is cut off; who comes back gets the whole anew. */
export class LiveFeed {
  readonly #call: Call;
  readonly #socket: WebSocket;
  readonly #guard: StreamGuard;
  readonly #unread: Share;
  readonly #workspaces = new LatestOfEach((id) => this.#tellWorkspace(id));
  readonly #stops: (() => void)[] = [];
  #spoke = false;
  /** As it was told last. */
  #availability = "";

  constructor(call: Call, socket: WebSocket, guard: StreamGuard) {
    this.#call = call;
    this.#socket = socket;
    this.#guard = guard;
    this.#unread = call.services.unread.share();
  }

  async begin(): Promise<void> {
    const { liveEvents, personaWatch, usage } = this.#call.services;
    this.#socket.once("close", () => {
      this.#unread.hold(0);
      for (const stop of this.#stops) stop();
    });
    // Before the whole is read, so that nothing between is missed; told twice does not hurt.
    this.#stops.push(
      liveEvents.subscribeToAll((event) => void this.#tellEvent(event)),
      personaWatch.subscribe((rows) => void this.#tellPersonas(rows)),
      usage.subscribe((sample) => void this.#tellUsage(sample)),
      this.#beat(),
      this.#lookAtAvailability(),
    );
    await this.#tellWorkspaces();
    await this.#tellPersonas();
    await this.#tellAvailability();
  }

  async #tellAvailability(): Promise<void> {
    await this.#orCut(async () => {
      const { principal } = this.#guard;
      if (principal === undefined) return;
      const { personaWatch, availabilities } = this.#call.services;
      const personas = await availabilities.of(principal, visibleTo(principal, await personaWatch.recentRows()));
      const now = JSON.stringify(personas);
      if (now === this.#availability) return;
      this.#availability = now;
      this.#send({ kind: "availability", personas });
    });
  }

  #lookAtAvailability(): () => void {
    const { clock } = this.#call.services;
    const next = () => {
      timer = clock.after(AVAILABILITY_PERIOD, () => void this.#tellAvailability().then(() => !stopped && next()), { unref: true });
    };
    let stopped = false;
    let timer: Timer;
    next();
    return () => {
      stopped = true;
      timer.cancel();
    };
  }

  async #tellWorkspaces(): Promise<void> {
    await this.#orCut(async () => {
      const { repository } = this.#call.services;
      const rows = await livingWorkspaces(repository, callerOf(this.#call).id);
      this.#send({ kind: "workspaces", workspaces: await Promise.all(rows.map((row) => ownView(this.#call, row))) });
    });
  }

  /** As they were found by whoever looked, else as of now. */
  async #tellPersonas(found?: readonly VersionRow[]): Promise<void> {
    await this.#orCut(async () => {
      const { personaWatch, language, issuer } = this.#call.services;
      const rows = visibleTo(this.#guard.principal, found ?? (await personaWatch.rows()));
      this.#send({ kind: "personas", personas: rows.map((row) => versionView(row, language, issuer?.issuer ?? "")) });
    });
  }

  async #tellEvent(event: WorkspaceEvent): Promise<void> {
    await this.#orCut(async () => {
      const owner = await this.#call.services.workspaceOwners.of(event.workspace);
      if (owner !== callerOf(this.#call).id) return;
      this.#send({ kind: "event", event });
      if (CHANGES.has(event.kind)) this.#workspaces.ask(event.workspace);
    });
  }

  async #tellWorkspace(id: string): Promise<void> {
    await this.#orCut(async () => {
      const row = await this.#call.services.repository.workspace(id);
      if (row !== undefined) this.#send({ kind: "workspace", workspace: await ownView(this.#call, row) });
    });
  }

  async #tellUsage(sample: UsageSample): Promise<void> {
    await this.#orCut(async () => {
      const owner = await this.#call.services.workspaceOwners.of(sample.workspace_id);
      if (owner === callerOf(this.#call).id) this.#send({ kind: "usage", sample });
    });
  }

  #send(message: LiveMessage): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (!this.#guard.permitted()) {
      socket.close(POLICY_VIOLATION, "no longer permitted");
      return;
    }
    this.#spoke = true;
    socket.send(JSON.stringify(message), () => this.#countUnread());
    this.#countUnread();
    if (socket.bufferedAmount > this.#unread.most) socket.terminate();
  }

  #countUnread(): void {
    this.#unread.hold(this.#socket.readyState === this.#socket.CLOSED ? 0 : this.#socket.bufferedAmount);
  }

  /** What cannot be read is not left out in silence: the reader comes back, and is told the whole. */
  async #orCut(tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      this.#call.services.log.error({ err: error, request: this.#call.request.id }, "what is live could not be read");
      this.#socket.close(TRY_AGAIN, "could not be read");
    }
  }

  #beat(): () => void {
    const { clock, limits } = this.#call.services;
    const next = () => {
      if (!this.#spoke) this.#send({ kind: "still_here" });
      this.#spoke = false;
      timer = clock.after(limits.heartbeat, next, { unref: true });
    };
    let timer = clock.after(limits.heartbeat, next, { unref: true });
    return () => timer.cancel();
  }
}
