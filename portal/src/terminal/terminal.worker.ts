import { AgentError, PersonaAgent, type TerminalSession } from "@guise/agent";
import type { FromWorker, ToWorker } from "./terminal-messages.ts";

/** Holds the connection of one terminal off the page's own thread. */
class TerminalConnection {
  readonly #tell: (message: FromWorker) => void;
  readonly #waiting = new Map<number, () => void>();
  #piece = 0;
  #session: TerminalSession | undefined;
  #size: { readonly columns: number; readonly rows: number } | undefined;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
  }

  async open({ workspace, launch, columns, rows }: Extract<ToWorker, { kind: "open" }>): Promise<void> {
    try {
      const agent = await PersonaAgent.connect({ broker: location.origin, token: { session: "browser" }, patience: ALWAYS });
      const held = await agent.workspaceById(workspace);
      this.#session = held.openTerminal(launch, {
        size: this.#size ?? { columns, rows },
        patience: ALWAYS,
        onOutput: (bytes, replayed) => this.#output(bytes, replayed),
        onState: (state) =>
          this.#tell(
            state.state === "connected"
              ? { kind: "connected", cleared: state.skipped > 0 }
              : { kind: "lost", message: state.error.message },
          ),
      });
      const { exit } = await this.#session.exit;
      this.#tell({ kind: "ended", exit });
    } catch (error) {
      const known = error instanceof AgentError ? error : undefined;
      if (known?.code === "aborted") return;
      this.#tell({ kind: "failed", message: known?.message ?? String(error), remedy: known?.remedy ?? "Open it again." });
    }
  }

  input(bytes: Uint8Array): void {
    void this.#session?.write(bytes);
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#session?.resize(columns, rows);
  }

  taken(piece: number): void {
    this.#waiting.get(piece)?.();
    this.#waiting.delete(piece);
  }

  again(): void {
    this.#session?.again();
  }

  close(): void {
    this.#session?.close();
  }

  #output(bytes: Uint8Array, replayed: boolean): Promise<void> {
    const piece = this.#piece++;
    this.#tell({ kind: "output", piece, bytes, replayed });
    return new Promise((resolve) => this.#waiting.set(piece, resolve));
  }
}

/** A page waits as long as it is open. */
const ALWAYS = Number.POSITIVE_INFINITY;

const tell = (message: FromWorker) => postMessage(message);
const connection = new TerminalConnection(tell);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "open":
      void connection.open(data);
      break;
    case "input":
      connection.input(data.bytes);
      break;
    case "resize":
      connection.resize(data.columns, data.rows);
      break;
    case "taken":
      connection.taken(data.piece);
      break;
    case "again":
      connection.again();
      break;
    case "close":
      connection.close();
      // Its last word goes out first.
      setTimeout(() => close(), 200);
  }
});
tell({ kind: "here" });
