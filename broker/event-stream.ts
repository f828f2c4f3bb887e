import type { ServerResponse } from "node:http";
import type { WorkspaceEvent } from "@guise/contract";
import type { Share } from "#foundation";

/** Server-sent events over one answer. A reader that does not read is cut off; it resumes with Last-Event-ID. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #unread: Share;

  constructor(response: ServerResponse, unread: Share) {
    this.#response = response;
    this.#unread = unread;
    const count = () => unread.hold(response.destroyed ? 0 : response.writableLength);
    response.on("drain", count);
    response.once("close", () => unread.hold(0));
  }

  open(headers: Readonly<Record<string, string>>): void {
    this.#response.writeHead(200, { ...headers, "content-type": "text/event-stream", "x-accel-buffering": "no" });
    this.#write("retry: 1000\n\n");
  }

  send(event: WorkspaceEvent): void {
    const id = event.id === undefined ? "" : `id: ${event.id}\n`;
    this.#write(`${id}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  /** Resolves when the reader has taken what was sent so far, or has left. */
  async taken(): Promise<void> {
    const response = this.#response;
    if (response.writableLength === 0 || response.destroyed || response.writableEnded) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off("drain", done);
        response.off("close", done);
        resolve();
      };
      response.on("drain", done);
      response.on("close", done);
      if (!response.writableNeedDrain) done();
    });
  }

  /** Keeps connections through proxies alive, and shows the reader that the line still stands. */
  heartbeat(): void {
    this.#write(": still here\n\n");
  }

  end(): void {
    this.#response.end();
  }

  onClose(run: () => void): void {
    this.#response.once("close", run);
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(text);
    this.#unread.hold(this.#response.writableLength);
    if (this.#response.writableLength > this.#unread.most) this.#response.destroy();
  }
}
