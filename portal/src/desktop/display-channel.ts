import type { CommandSession } from "@guise/agent";

/** The parts of a WebSocket that noVNC asks of what it speaks over. */
export class DisplayChannel {
  binaryType = "arraybuffer";
  readonly protocol = "";
  readyState: "connecting" | "open" | "closed" = "connecting";
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  #session: CommandSession | undefined;

  /** What comes from the display. */
  readonly take = (bytes: Uint8Array): void => {
    const data = bytes.slice().buffer;
    this.onmessage?.({ data });
  };

  opened(session: CommandSession): void {
    this.#session = session;
    this.readyState = "open";
    this.onopen?.();
  }

  send(bytes: Uint8Array): void {
    if (this.readyState === "open") this.#session?.write(new Uint8Array(bytes)).catch(() => this.ended());
  }

  close(): void {
    this.#session?.close();
    this.ended();
  }

  ended(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.onclose?.({ code: 1000, reason: "" });
  }
}
