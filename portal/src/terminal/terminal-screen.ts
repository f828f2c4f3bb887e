import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal } from "@xterm/xterm";
import { loadWorker } from "../connection/load-worker.ts";
import { type ClosedClipboard, closedText, keepClipboard } from "./clipboard-ways.ts";
import { linkAddress, openLink } from "./link-address.ts";
import { MOST_FOUND, type Search, type SearchResult } from "./search-result.ts";
import { DARK, FOUND, LIGHT } from "./terminal-colors.ts";
import { actOfKey, type KeyAct } from "./terminal-keys.ts";
import type { FromWorker, ToWorker } from "./terminal-messages.ts";
import { changeTextSize, onTextSize, textSize } from "./text-size.ts";

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
  /** That of the search was. */
  readonly find: () => void;
  readonly found: (result: SearchResult) => void;
  /** Where the link leads that is pointed at. */
  readonly pointed: (address: string | undefined) => void;
  readonly closed: ClosedClipboard;
  /** Nothing was copied or pasted: why. */
  readonly refused: (why: string) => void;
}

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);

/** One terminal on the page, and its worker. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #parts: ScreenParts;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: MOST_FOUND });
  readonly #worker: Promise<Worker>;
  readonly #watch: ResizeObserver;
  readonly #ends: (() => void)[] = [];
  #dark: boolean;
  #replaying = 0;
  #shown: "drawn" | "hidden" | "soon" = "drawn";
  #keyed = false;

  constructor(parts: ScreenParts, dark: boolean) {
    const { place, workspace, launch, name, changed, closed, refused } = parts;
    this.#parts = parts;
    this.#dark = dark;
    this.#terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      fontSize: textSize(),
      scrollback: 10_000,
      theme: dark ? DARK : LIGHT,
      minimumContrastRatio: 4.5,
      // What a program says is a link, whatever its words are: where it leads is shown before it is followed.
      linkHandler: { activate: (_event, address) => openLink(address), ...this.#pointing() },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    this.#terminal.loadAddon(new WebLinksAddon((_event, address) => openLink(address), this.#pointing()));
    this.#terminal.loadAddon(this.#search);
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => parts.found({ index: resultIndex, count: resultCount }));
    this.#terminal.open(place);
    keepClipboard({ place, closed, refused });
    this.#ends.push(onTextSize(() => this.#resizeText()));
    this.#terminal.textarea?.setAttribute("aria-label", `${name}, a terminal; Control F6 leaves it`);
    this.#draw();
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    this.#worker = loadWorker(() => new Worker(new URL("./terminal.worker.ts", import.meta.url), { type: "module", name: "terminal" }));
    this.#worker.then(
      (worker) => worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#told(data, changed)),
      () => changed({ state: "failed", message: "A part of this page could not be loaded.", remedy: "reload the page." }),
    );
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
    this.#dark = dark;
    this.#terminal.options.theme = dark ? DARK : LIGHT;
  }

  /**
   * A terminal that is not shown has no size, and keeps the one it had. One that is shown again is drawn from the next frame on: a size that
   * xterm is given before it keeps for then, and what it scrolls by would be the old one, out of which the last rows are not reached.
   */
  fit(): void {
    const { clientWidth, clientHeight } = this.#terminal.element?.parentElement ?? { clientWidth: 0, clientHeight: 0 };
    if (clientWidth === 0 || clientHeight === 0) this.#shown = "hidden";
    else if (this.#shown === "hidden") {
      this.#shown = "soon";
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (this.#shown !== "soon") return;
          this.#shown = "drawn";
          this.#fit.fit();
        }),
      );
    } else if (this.#shown === "drawn") this.#fit.fit();
  }

  beginFinding(): void {
    this.#parts.find();
  }

  /** What is marked, where it is something to look for. */
  marked(): string {
    const text = this.#terminal.getSelection();
    return text.includes("\n") ? "" : text.trim();
  }

  find({ term, matchesCase, from }: Search): void {
    const options = { caseSensitive: matchesCase, decorations: FOUND[this.#dark ? "dark" : "light"] };
    // The newest is looked at first: what was marked would be where the search begins.
    if (from === "end") this.#terminal.clearSelection();
    if (from === "down") this.#search.findNext(term, options);
    else this.#search.findPrevious(term, options);
  }

  stopFinding(): void {
    this.#search.clearDecorations();
    this.focus();
  }

  close(): void {
    for (const end of this.#ends) end();
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

  #key(event: KeyboardEvent): boolean {
    const act = actOfKey(event, IS_MAC);
    if (act === undefined) return true;
    // The browser pastes.
    if (act === "paste") return false;
    event.preventDefault();
    if (event.type === "keydown") this.#act(act);
    return false;
  }

  #act(act: Exclude<KeyAct, "paste">): void {
    if (act === "leave") this.#parts.left();
    else if (act === "find") this.#parts.find();
    else if (act === "copy") this.#copy();
    else changeTextSize(act);
  }

  #copy(): void {
    if (!this.#terminal.hasSelection()) return;
    const { closed, refused } = this.#parts;
    if (closed.has("clipboard_out")) {
      refused(closedText("clipboard_out"));
      return;
    }
    navigator.clipboard
      .writeText(this.#terminal.getSelection())
      .catch(() => refused("The browser does not let this page put text into the clipboard; allow it in the settings of the site."));
  }

  /** How it is told where a link leads. */
  #pointing() {
    return {
      hover: (_event: MouseEvent, address: string) => this.#parts.pointed(linkAddress(address)),
      leave: () => this.#parts.pointed(undefined),
    };
  }

  #resizeText(): void {
    this.#terminal.options.fontSize = textSize();
    this.fit();
  }

  #told(message: FromWorker, changed: (state: TerminalState) => void): void {
    switch (message.kind) {
      case "here":
        break;
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
    this.#worker.then((worker) => worker.postMessage(message)).catch(() => {});
  }
}
