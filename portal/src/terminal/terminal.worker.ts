import { AgentError, type CommandSession, PersonaAgent } from "@guise/agent";
import type { FromWorker, ToWorker } from "./terminal-messages.ts";

/** Holds the connection of one terminal off the page's own thread, and comes back after a drop. */
class TerminalConnection {
  readonly #tell: (message: FromWorker) => void;
  readonly #waiting = new Map<number, () => void>();
  #piece = 0;
  #size = { columns: 80, rows: 24 };
  #session: CommandSession | undefined;
  #closed = false;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
  }

  async open({ workspace, launch, columns, rows }: Extract<ToWorker, { kind: "open" }>): Promise<void> {
    this.#size = { columns, rows };
    let pause = 100;
    while (!this.#closed) {
      try {
        const agent = await PersonaAgent.connect({ broker: location.origin, token: { session: "browser" } });
        const held = await agent.workspaceById(workspace);
        const session = await held.attach(launch, this.#size, (_stream, bytes) => this.#output(bytes));
        this.#session = session;
        this.#tell({ kind: "connected" });
        pause = 100;
        const { exit } = await session.exit;
        this.#tell({ kind: "ended", exit });
        return;
      } catch (error) {
        this.#session = undefined;
        if (this.#closed) return;
        if (!mayPass(error)) {
          this.#tell({ kind: "failed", message: messageOf(error), remedy: error instanceof AgentError ? error.remedy : "Open it again." });
          return;
        }
        this.#tell({ kind: "lost", message: messageOf(error) });
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(3000, pause * 2);
      }
    }
  }

  async input(bytes: Uint8Array): Promise<void> {
    await this.#session?.write(bytes);
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.#size = { columns, rows };
    await this.#session?.resize(columns, rows);
  }

  taken(piece: number): void {
    this.#waiting.get(piece)?.();
    this.#waiting.delete(piece);
  }

  close(): void {
    this.#closed = true;
    this.#session?.close();
  }

  #output(bytes: Uint8Array): Promise<void> {
    const piece = this.#piece++;
    this.#tell({ kind: "output", piece, bytes });
    return new Promise((resolve) => this.#waiting.set(piece, resolve));
  }
}

/** A restart of Guise, or a network that is cut: the terminal goes on meanwhile. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof AgentError && (error.code === "unreachable" || error.code === "unavailable" || error.code === "too_many_requests")
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const connection = new TerminalConnection((message) => postMessage(message));

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "open":
      void connection.open(data);
      break;
    case "input":
      connection.input(data.bytes).catch(() => {});
      break;
    case "resize":
      connection.resize(data.columns, data.rows).catch(() => {});
      break;
    case "taken":
      connection.taken(data.piece);
      break;
    case "close":
      connection.close();
      close();
  }
});
