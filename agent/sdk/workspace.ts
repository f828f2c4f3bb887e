import type {
  LaunchRequest,
  LaunchView,
  PortView,
  Receipt,
  ResizeRequest,
  Ticket,
  WorkspaceEvent,
  WorkspaceUsage,
  WorkspaceView,
} from "@guise/contract";
import { type CommandExit, type CommandSession, type OnNotice, type OnOutput, openSession } from "./command-session.ts";
import { followWorkspace, type Progress, readWorkspace } from "./follow-workspace.ts";
import { openTerminal, type TerminalOptions, type TerminalSession, type TerminalSize } from "./open-terminal.ts";
import { everyPage } from "./pages.ts";
import { type ReleaseOptions, releaseBody, releaseWorkspace } from "./release-persona.ts";
import { resizeWorkspace } from "./resize-workspace.ts";
import { resumeWorkspace, type SuspendOptions, suspendWorkspace } from "./suspend-workspace.ts";
import type { Transport } from "./transport.ts";
import { untilStarted } from "./until-started.ts";
import { WorkspaceFiles } from "./workspace-files.ts";

export interface CommandStart {
  /** Arguments, not shell text; absent: a login shell. */
  readonly command?: readonly string[];
  readonly terminal?: TerminalSize;
}

export interface CommandResult extends CommandExit {
  readonly stdout: string;
  readonly stderr: string;
}

const NOTHING = new Uint8Array();

/** One workspace that the signed-in person holds. */
export class Workspace {
  readonly id: string;
  readonly files: WorkspaceFiles;
  readonly #transport: Transport;
  #view: WorkspaceView;

  constructor(transport: Transport, view: WorkspaceView) {
    this.#transport = transport;
    this.#view = view;
    this.id = view.workspace_id;
    this.files = new WorkspaceFiles(transport, this.id);
  }

  /** The state as last read. */
  get view(): WorkspaceView {
    return this.#view;
  }

  async refresh(signal?: AbortSignal): Promise<WorkspaceView> {
    this.#view = await readWorkspace(this.#transport, this.id, signal);
    return this.#view;
  }

  /** Starts an application; throws AgentError `application_not_found`, `workspace_not_ready` or `launch_failed`. */
  launch(application: string, options: Omit<LaunchRequest, "application"> = {}): Promise<LaunchView> {
    return this.#transport.json<LaunchView>("POST", this.#path("/launches"), {
      body: { application, ...options },
      headers: { "idempotency-key": crypto.randomUUID() },
      repeatable: true,
    });
  }

  launches(): Promise<LaunchView[]> {
    return everyPage<LaunchView>(this.#transport, this.#path("/launches"));
  }

  /** Resolves when a launched application has started; throws AgentError `launch_failed` when it ended before. */
  started(launch: LaunchView, signal?: AbortSignal): Promise<LaunchView> {
    return untilStarted(this.#transport, launch, signal);
  }

  /** What lets the browser that told `challenge` into a web application, once; see the page at its origin. */
  ticket(launch_id: string, challenge: string): Promise<Ticket> {
    return this.#transport.json<Ticket>("POST", this.#path(`/launches/${encodeURIComponent(launch_id)}/tickets`), { body: { challenge } });
  }

  /** Ports that programs inside listen on, beside those of web applications. */
  ports(): Promise<PortView[]> {
    return everyPage<PortView>(this.#transport, this.#path("/ports"));
  }

  /** As `ticket`, for a port. */
  portTicket(port: number, challenge: string): Promise<Ticket> {
    return this.#transport.json<Ticket>("POST", this.#path(`/ports/${port}/tickets`), { body: { challenge } });
  }

  /** A raw TCP connection to a port inside: bytes out as `stdout`. */
  connectPort(port: number, onOutput: (bytes: Uint8Array) => void | Promise<void>): Promise<CommandSession> {
    return this.#connectTo(`/ports/${port}/connect`, onOutput);
  }

  /** Ends a launched application. */
  async stopLaunch(launch_id: string): Promise<void> {
    await this.#transport.json("DELETE", this.#path(`/launches/${encodeURIComponent(launch_id)}`), { repeatable: true });
  }

  /** What the persona's `launch` names: each is started, unless it runs already. */
  async openLaunchList(): Promise<LaunchView[]> {
    const running = this.#view.launches.filter(({ state }) => state === "running" || state === "starting");
    const opened: LaunchView[] = [];
    for (const application of this.#view.launch) {
      opened.push(running.find((launch) => launch.application === application) ?? (await this.launch(application)));
    }
    return opened;
  }

  /** Runs a command with its input and output streamed. */
  execStream(start: CommandStart, onOutput: OnOutput, onNotice?: OnNotice): Promise<CommandSession> {
    const { command, terminal } = start;
    const message = {
      kind: "start" as const,
      ...(command === undefined ? {} : { command: [...command] }),
      ...(terminal === undefined ? {} : { terminal: terminalMessage(terminal) }),
    };
    return openSession((handlers) => this.#transport.socket(this.#path("/exec"), handlers), message, onOutput, onNotice);
  }

  /** Runs a command to its end and collects its output as text. */
  async exec(command: readonly string[], options: { readonly input?: string } = {}): Promise<CommandResult> {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const text = { stdout: "", stderr: "" };
    const session = await this.execStream({ command }, (stream, bytes) => {
      text[stream] += decoders[stream].decode(bytes, { stream: true });
    });
    if (options.input !== undefined) await session.write(new TextEncoder().encode(options.input));
    await session.end();
    const ended = await session.exit;
    return { ...ended, stdout: text.stdout + decoders.stdout.decode(), stderr: text.stderr + decoders.stderr.decode() };
  }

  /** Joins the terminal of a launched application; comes back by itself after a drop, at the very byte. */
  openTerminal(launch_id: string, options: TerminalOptions): TerminalSession {
    return openTerminal(this.#transport, this.id, launch_id, options);
  }

  /** Joins a launched command. Without a size it is joined without a terminal. */
  attach(launch_id: string, terminal: TerminalSize | undefined, onOutput: OnOutput, onNotice?: OnNotice): Promise<CommandSession> {
    const path = this.#path(`/launches/${encodeURIComponent(launch_id)}/terminal`);
    const message = { kind: "start" as const, ...(terminal === undefined ? {} : { terminal: terminalMessage(terminal) }) };
    return openSession((handlers) => this.#transport.socket(path, handlers), message, onOutput, onNotice);
  }

  /** A raw TCP connection to a launched web application: bytes out as `stdout`. */
  connect(launch_id: string, onOutput: (bytes: Uint8Array) => void | Promise<void>): Promise<CommandSession> {
    return this.#connectTo(`/launches/${encodeURIComponent(launch_id)}/connect`, onOutput);
  }

  /** The display of a launched desktop application: RFB 3.8 as bytes out as `stdout`. It outlives who looks at it. */
  connectScreen(launch_id: string, onOutput: (bytes: Uint8Array) => void | Promise<void>, onNotice?: OnNotice): Promise<CommandSession> {
    return this.#connectTo(`/launches/${encodeURIComponent(launch_id)}/screen`, onOutput, onNotice);
  }

  #connectTo(path: string, onOutput: (bytes: Uint8Array) => void | Promise<void>, onNotice?: OnNotice): Promise<CommandSession> {
    return openSession(
      (handlers) => this.#transport.socket(this.#path(path), handlers),
      undefined,
      (stream, bytes) => onOutput(stream === "stdout" ? bytes : NOTHING),
      onNotice,
    );
  }

  /** What it uses now and has used, also after it was given back. */
  usage(): Promise<WorkspaceUsage> {
    return this.#transport.json<WorkspaceUsage>("GET", this.#path("/usage"), { repeatable: true });
  }

  /** Its events, for as long as they are read; resumed by itself after a drop. */
  async *events(options: { readonly since?: number; readonly signal?: AbortSignal } = {}): AsyncGenerator<WorkspaceEvent> {
    for await (const progress of followWorkspace(this.#transport, this.id, options)) if (isEvent(progress)) yield progress;
  }

  /** Tries a failed workspace again. */
  async retry(): Promise<WorkspaceView> {
    await this.#transport.json("POST", this.#path("/retry"), { body: {} });
    return this.refresh();
  }

  /** Says what is wanted and resolves with the broker's answer at once; what comes of it is told by events, or by the agent's live feed. */
  async ask(
    act: "suspend" | "resume" | "retry" | "release",
    options: Pick<ReleaseOptions, "withHome" | "reason"> = {},
  ): Promise<WorkspaceView> {
    const stated = options.reason === undefined ? {} : { reason: options.reason };
    const body = act === "release" ? releaseBody(options) : act === "suspend" ? stated : {};
    const headers = act === "release" ? { "idempotency-key": crypto.randomUUID() } : {};
    this.#view = await this.#transport.json<WorkspaceView>("POST", this.#path(`/${act}`), { body, headers, repeatable: true });
    return this.#view;
  }

  /** Resolves when nothing of it runs; its home, and the storage of that, stay. */
  async suspend(options: SuspendOptions = {}): Promise<WorkspaceView> {
    this.#view = await suspendWorkspace(this.#transport, this.id, options);
    return this.#view;
  }

  /** Resolves when it is ready again, on the same home. */
  async resume(options: SuspendOptions = {}): Promise<WorkspaceView> {
    this.#view = await resumeWorkspace(this.#transport, this.id, options);
    return this.#view;
  }

  /** Resolves when it has these amounts, of which those that are not named stay; its programs go on. cpu in millicores, ram in bytes, bandwidth in bit/s. */
  async resize(amounts: ResizeRequest, options: SuspendOptions = {}): Promise<WorkspaceView> {
    this.#view = await resizeWorkspace(this.#transport, this.id, amounts, options);
    return this.#view;
  }

  /** Says that it is still wanted: its idle time begins anew. */
  async keep(): Promise<WorkspaceView> {
    this.#view = await this.#transport.json<WorkspaceView>("POST", this.#path("/keep"), { body: {}, repeatable: true });
    return this.#view;
  }

  /** Resolves with the receipt when nothing of the workspace runs. */
  release(options: ReleaseOptions = {}): Promise<Receipt> {
    return releaseWorkspace(this.#transport, this.id, options);
  }

  #path(rest: string): string {
    return `/workspaces/${encodeURIComponent(this.id)}${rest}`;
  }
}

function isEvent(progress: Progress): progress is WorkspaceEvent {
  return progress.kind !== "workspace" && progress.kind !== "connection";
}

function terminalMessage({ columns, rows, type }: TerminalSize): { columns: number; rows: number; type: string } {
  const within = (value: number) => Math.min(1000, Math.max(1, Math.trunc(value)));
  return { columns: within(columns), rows: within(rows), type: type ?? "xterm-256color" };
}
