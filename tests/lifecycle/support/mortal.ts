import type { Weather } from "#drivers/memory";
import type { Driver, NetworkPower, ResizePower } from "#provisioning";

export type When = "before" | "after";

/**
 * A Guise that dies at its n-th step. A step is a write to the store, a call of the engine, or a phase inside a start; `before`: it
 * was never made; `after`: it was made, and nobody heard the answer. From then on nothing that this Guise begins has any effect.
 */
export class Mortal {
  /** The steps so far, by name: what a life without death goes through. */
  readonly steps: string[] = [];
  /** Resolves with the name of the step at which it died. */
  readonly died: Promise<string>;
  readonly #die: (step: string) => void;
  readonly #note: (step: string) => void;
  readonly #at: number;
  readonly #when: When;
  #dead = false;

  /** `die`: what death is, where it is more than not going on. `note`: hears of each step before it is made. */
  constructor(at = 0, when: When = "before", die: (step: string) => void = () => {}, note: (step: string) => void = () => {}) {
    this.#note = note;
    this.#at = at;
    this.#when = when;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.died = promise;
    this.#die = (step) => {
      die(step);
      resolve(step);
    };
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** The object as this Guise sees it. Of its methods those in `effects` are steps. */
  wrap<T extends object>(name: string, real: T, effects: ReadonlySet<string>): T {
    return new Proxy(real, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value === "object" && value !== null) return this.wrap(`${name}.${String(property)}`, value, effects);
        if (typeof value !== "function") return value;
        const call = value.bind(target) as (...args: unknown[]) => unknown;
        if (!effects.has(String(property))) return (...args: unknown[]) => this.#look(call, args);
        return (...args: unknown[]) => this.#step(`${name}.${String(property)}`, () => call(...args));
      },
    });
  }

  /** The driver, of whose channels each program that is run in a start is a step. */
  channelsOf(driver: Driver): Driver {
    return new Proxy(driver, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (property !== "start") return typeof value === "function" ? value.bind(target) : value;
        return async (...args: Parameters<Driver["start"]>) => {
          const started = await target.start(...args);
          return { ...started, channel: this.wrap("channel", started.channel, new Set(["run"])) };
        };
      },
    });
  }

  /** Each moment inside a start is a step too. */
  weather(real: Weather): Weather {
    return {
      at: (moment) => {
        if (this.#dead) return { kind: "hangs" };
        if (moment.phase !== "removal" && moment.phase !== "resize" && this.#isLast(`phase ${moment.phase}`, "before")) {
          this.#end(`phase ${moment.phase}`);
          return { kind: "hangs" };
        }
        return real.at(moment);
      },
    };
  }

  /** Only looking changes nothing; but the dead hear nothing either. */
  #look(call: (...args: unknown[]) => unknown, args: unknown[]): unknown {
    const answer = call(...args);
    return answer instanceof Promise ? answer.then((value) => (this.#dead ? new Promise(() => {}) : value)) : answer;
  }

  async #step(name: string, make: () => unknown): Promise<unknown> {
    const never = new Promise<never>(() => {});
    if (this.#dead) return never;
    const last = this.#isLast(name, this.#when);
    if (last && this.#when === "before") {
      this.#end(name);
      return never;
    }
    const answer = await make();
    if (last) this.#end(name);
    return this.#dead ? never : answer;
  }

  #isLast(name: string, when: When): boolean {
    this.steps.push(name);
    this.#note(name);
    return this.steps.length === this.#at && when === this.#when;
  }

  #end(step: string): void {
    this.#dead = true;
    this.#die(step);
  }
}

export const STORE_STEPS: ReadonlySet<string> = new Set(["move", "moveAll", "storeHandle", "recordLaunch", "updateLaunch", "forgetHome"]);
/** What is written for the checks of a version. */
export const CHECK_STEPS: ReadonlySet<string> = new Set(["setBuild", "createWorkspace", "setDesired", "appendBuildLog"]);
/** Every verb of the driver that changes something. */
export const ENGINE_STEPS: ReadonlySet<string> = new Set([
  "ensureImage",
  "start",
  "connect",
  "recover",
  "destroy",
  "removeHome",
  "resize",
  "rewire",
] satisfies readonly (keyof Driver | keyof ResizePower | keyof NetworkPower)[]);
