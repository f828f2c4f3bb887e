import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";
import { DARK, LIGHT } from "./terminal-colors.ts";
import type { FromWorker, ToWorker } from "./terminal-messages.ts";

export type TerminalState =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  | { readonly state: "lost"; readonly message: string }
  /** `keyed`: the person pressed keys in it before. */
  | { readonly state: "ended"; readonly exit: number; readonly keyed: boolean }
  | { readonly state: "failed"; readonly message: string; readonly remedy: string };

export interface ScreenParts {
  readonly place: HTMLElement;
  readonly workspace: string;
  readonly launch: string;
  readonly name: string;
  readonly changed: (state: TerminalState) => void;
  /** The key that leaves the terminal was pressed. */
  readonly left: () => void;
}

/** One terminal on the page, and its worker. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #worker: Worker;
  readonly #watch: ResizeObserver;
  #replaying = 0;
  #keyed = false;

  constructor({ place, workspace, launch, name, changed, left }: ScreenParts, dark: boolean) {
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      fontSize: 14,
      scrollback: 10_000,
      theme: dark ? DARK : LIGHT,
      minimumContrastRatio: 4.5,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    // Nothing of this page is given to where a link leads.
    this.#terminal.loadAddon(new WebLinksAddon((_event, address) => window.open(address, "_blank", "noopener,noreferrer")));
    this.#terminal.open(place);
    this.#terminal.textarea?.setAttribute("aria-label", `${name}, a terminal; Control F6 leaves it`);
    this.#draw();
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event, left));
    this.#worker = new Worker(new URL("./terminal.worker.ts", import.meta.url), { type: "module", name: "terminal" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#told(data, changed));
    const encoder = new TextEncoder();
    this.#terminal.onKey(() => {
      this.#keyed = true;
    });
    this.#terminal.onData((text) => this.#typed(encoder.encode(text)));
    this.#terminal.onBinary((text) => this.#typed(Uint8Array.from(text, (character) => character.charCodeAt(0))));
    this.#terminal.onResize(({ cols, rows }) => this.#send({ kind: "resize", columns: cols, rows }));
    // Of several viewers the one that has the keyboard leads: the terminal has its size.
    this.#terminal.textarea?.addEventListener("focus", () =>
      this.#send({ kind: "resize", columns: this.#terminal.cols, rows: this.#terminal.rows }),
    );
    this.#watch = new ResizeObserver(() => this.fit());
    this.#watch.observe(place);
    this.fit();
    this.#send({ kind: "open", workspace, launch, columns: this.#terminal.cols, rows: this.#terminal.rows });
  }

  focus(): void {
    this.#terminal.focus();
  }

  recolor(dark: boolean): void {
    this.#terminal.options.theme = dark ? DARK : LIGHT;
  }

  /** A terminal that is not shown has no size, and keeps the one it had. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#terminal.element?.parentElement ?? { clientWidth: 0, clientHeight: 0 };
    if (clientWidth > 0 && clientHeight > 0) this.#fit.fit();
  }

  close(): void {
    this.#watch.disconnect();
    this.#send({ kind: "close" });
    this.#terminal.dispose();
  }

  /** What stands in old output was answered long ago; the terminal answers it all the same. */
  #typed(bytes: Uint8Array): void {
    if (this.#replaying === 0) this.#send({ kind: "input", bytes });
  }

  /** By the graphics card where there is one. */
  #draw(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.#terminal.loadAddon(webgl);
    } catch {
      // Drawn as text of the page instead.
    }
  }

  #key(event: KeyboardEvent, left: () => void): boolean {
    if (event.type === "keydown" && event.key === "F6" && event.ctrlKey) {
      event.preventDefault();
      left();
      return false;
    }
    if (event.ctrlKey && event.shiftKey && event.code === "KeyC" && this.#terminal.hasSelection()) {
      event.preventDefault();
      if (event.type === "keydown") void navigator.clipboard.writeText(this.#terminal.getSelection());
      return false;
    }
    // The browser pastes.
    return !(event.ctrlKey && event.shiftKey && event.code === "KeyV");
  }

  #told(message: FromWorker, changed: (state: TerminalState) => void): void {
    switch (message.kind) {
      case "output":
        this.#replaying += message.replayed ? 1 : 0;
        this.#terminal.write(message.bytes, () => {
          this.#replaying -= message.replayed ? 1 : 0;
          this.#send({ kind: "taken", piece: message.piece });
        });
        break;
      case "connected":
        if (message.cleared) this.#terminal.reset();
        changed({ state: "connected" });
        break;
      case "lost":
        changed({ state: "lost", message: message.message });
        break;
      case "ended":
        changed({ state: "ended", exit: message.exit, keyed: this.#keyed });
        break;
      case "failed":
        changed({ state: "failed", message: message.message, remedy: message.remedy });
    }
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
