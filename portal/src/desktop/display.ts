import { AgentError, type PersonaAgent } from "@guise/agent";
import { onWake } from "../connection/on-wake.ts";
import { DisplayChannel } from "./display-channel.ts";
import { type KeyTarget, listenToKeys } from "./keyboard.ts";
import { SharpRfb } from "./sharp-rfb.ts";

export type DisplayState =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  /** Made again by itself; the application goes on. */
  | { readonly state: "lost" }
  | { readonly state: "failed"; readonly message: string; readonly remedy: string };

export interface DisplayParts {
  readonly agent: PersonaAgent;
  readonly workspace: string;
  readonly launch: string;
  /** Pixels of the display for each of the page. */
  readonly scale: number;
  readonly place: HTMLElement;
  readonly field: HTMLTextAreaElement;
  readonly changed: (state: DisplayState) => void;
  /** Text was copied inside. */
  readonly copied: (text: string) => void;
  readonly left: () => void;
}

/** Ms before a display that was lost is joined again, at first and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2000;
/** These do not pass by themselves. */
const FOR_GOOD: readonly AgentError["code"][] = ["not_found", "conflict", "not_permitted", "not_authenticated"];

/** The display of one launched application on the page. It is joined again whenever it was lost, until it is left. */
export class Display {
  readonly #parts: DisplayParts;
  readonly #left = new AbortController();
  readonly #ends: readonly (() => void)[];
  /** Ends the present connection, or the pause before the next. */
  #again: () => void = () => {};
  #rfb: SharpRfb | undefined;

  constructor(parts: DisplayParts) {
    this.#parts = parts;
    const { place, field, left } = parts;
    const unlisten = listenToKeys({
      field,
      left,
      canvas: () => place.querySelector("canvas") ?? undefined,
      target: (): KeyTarget | undefined => this.#rfb,
    });
    this.#ends = [unlisten, onWake(() => this.#again())];
    // Whoever points at the display wants to type in it.
    place.addEventListener("pointerdown", () => queueMicrotask(() => this.focus()), { signal: this.#left.signal });
    void this.#run();
  }

  focus(): void {
    this.#parts.field.focus({ preventScroll: true });
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#left.abort();
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE;
    for (;;) {
      const { wasThere, error } = await this.#once();
      if (this.#left.signal.aborted) return;
      if (error instanceof AgentError && FOR_GOOD.includes(error.code)) {
        this.#parts.changed({ state: "failed", message: error.message, remedy: error.remedy });
        return;
      }
      this.#parts.changed({ state: "lost" });
      pause = wasThere ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
      await new Promise<void>((resolve) => {
        this.#again = resolve;
        setTimeout(resolve, pause);
      });
      if (this.#left.signal.aborted) return;
    }
  }

  /** One connection, to its end. */
  async #once(): Promise<{ readonly wasThere: boolean; readonly error: unknown }> {
    const { agent, workspace, launch, scale, place, changed, copied } = this.#parts;
    const channel = new DisplayChannel();
    const rfb = new SharpRfb(place, channel, { shared: true });
    this.#rfb = rfb;
    rfb.scale = scale;
    rfb.scaleViewport = true;
    rfb.resizeSession = true;
    rfb.focusOnClick = false;
    rfb.background = "transparent";
    rfb.qualityLevel = 8;
    rfb.compressionLevel = 2;
    let wasThere = false;
    rfb.addEventListener("connect", () => {
      wasThere = true;
      changed({ state: "connected" });
    });
    rfb.addEventListener("clipboard", (event) => copied((event as CustomEvent<{ text: string }>).detail.text));
    let error: unknown;
    try {
      const held = await agent.workspaceById(workspace);
      const session = await held.connectScreen(launch, channel.take);
      channel.opened(session);
      const leave = () => {
        channel.ended();
        session.close();
      };
      if (this.#left.signal.aborted) leave();
      else this.#left.signal.addEventListener("abort", leave, { once: true });
      // What is left for dead says goodbye only after seconds.
      const again = new Promise<void>((resolve) => {
        this.#again = resolve;
      });
      await Promise.race([session.exit, again]);
      leave();
    } catch (thrown) {
      error = thrown;
    }
    // It attaches to its channel a moment after it was made, and cannot be ended before.
    await new Promise((resolve) => setTimeout(resolve));
    channel.ended();
    place.replaceChildren();
    return { wasThere, error };
  }
}
