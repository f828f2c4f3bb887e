import { type Clock, codeOf, type Log, messageOf, type Timer } from "#foundation";
import type { ConcretePersona } from "#persona";
import type { Driver } from "#provisioning";
import type { BuildUpdate, Repository, VersionRow } from "#repository";
import { imagePlanOf, packageEpochOf, recordOf } from "./translate.ts";

/** How often a build's percent is written, ms; live progress is in memory. */
const PROGRESS_PERIOD = 1_500;
/** How long to wait before a build is tried again that a mirror or the engine kept from going on, ms. */
const RETRY_PERIOD = 20_000;
/** Of a build's log so many lines are kept, of so many characters: what a package says has no end by itself. */
const MOST_LINES = 20_000;
const LONGEST_LINE = 1_000;

export interface BuildProgress {
  readonly persona: string;
  readonly version: number;
  readonly percent: number | undefined;
  readonly message: string;
}

/** Builds the images of published versions, one at a time, the smallest persona first. */
export class Builds {
  readonly #repository: Repository;
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #packageEpoch: string;
  readonly #layersOf: (version: VersionRow) => Pick<ConcretePersona, "layers"> | undefined;
  readonly #built: () => void;
  readonly #abort = new AbortController();
  #progress: BuildProgress | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #retry: Timer | undefined;
  /** Monotonic ms before which a version is not tried again. */
  readonly #notBefore = new Map<string, number>();

  constructor(options: {
    readonly repository: Repository;
    readonly driver: Driver;
    readonly clock: Clock;
    readonly log: Log;
    readonly packageEpoch: string;
    /** An image was built. */
    readonly built: () => void;
    /** The layers of a version; undefined when its definition no longer resolves. */
    readonly layersOf: (version: VersionRow) => Pick<ConcretePersona, "layers"> | undefined;
  }) {
    this.#repository = options.repository;
    this.#driver = options.driver;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#packageEpoch = options.packageEpoch;
    this.#built = options.built;
    this.#layersOf = options.layersOf;
  }

  /** What is being built now. */
  current(): BuildProgress | undefined {
    return this.#progress;
  }

  /** Something was published, or Guise started. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    this.#running ??= this.#all()
      .catch((error: unknown) => {
        // The store, most likely: the builds that are left are looked for again.
        this.#log.error({ err: error }, "builds could not go on; they are tried again");
        this.#wakeLater(RETRY_PERIOD);
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error("Guise is stopping"));
    this.#retry?.cancel();
    await this.#running;
  }

  /** The next in line that is not waiting for a mirror or the engine to be back: those hold up nobody else. */
  async #all(): Promise<void> {
    while (this.#again && !this.#abort.signal.aborted) {
      this.#again = false;
      const waiting = [...(await this.#repository.versionsInState("building"))].sort(
        (a, b) => packagesOf(this.#layersOf(a)) - packagesOf(this.#layersOf(b)) || a.publishedAt - b.publishedAt,
      );
      const now = this.#clock.monotonic();
      const next = waiting.find((version) => (this.#notBefore.get(keyOf(version)) ?? now) <= now);
      if (next === undefined) {
        const pauses = waiting.map((version) => (this.#notBefore.get(keyOf(version)) ?? now) - now);
        if (pauses.length > 0) this.#wakeLater(Math.min(...pauses));
        return;
      }
      if (await this.#build(next)) this.#notBefore.delete(keyOf(next));
      else this.#notBefore.set(keyOf(next), this.#clock.monotonic() + RETRY_PERIOD);
      this.#again = true;
    }
  }

  #wakeLater(milliseconds: number): void {
    this.#retry?.cancel();
    this.#retry = this.#clock.after(milliseconds, () => this.wake(), { unref: true });
  }

  /** True when the build came to an end, good or bad; false when it is to be tried again later. */
  async #build(version: VersionRow): Promise<boolean> {
    const { persona } = version;
    const layers = this.#layersOf(version);
    const began = this.#clock.monotonic();
    const log: string[] = [];
    try {
      if (layers === undefined) throw new Error("the definition no longer resolves with this catalog");
      const image = await this.#driver.ensureImage(
        imagePlanOf(layers, packageEpochOf(this.#packageEpoch, version.epoch)),
        this.#reporter(version, log),
        this.#abort.signal,
      );
      await this.#finish(version, { state: "usable", percent: 100, message: "built", image: recordOf(image) }, began, log);
      this.#built();
      return true;
    } catch (error) {
      if (this.#abort.signal.aborted) return true;
      this.#log.warn({ err: error, persona, version: version.version }, "a build did not succeed");
      const passing = codeOf(error) === "engine_unreachable" || codeOf(error) === "mirror_unreachable" || codeOf(error) === "disk_full";
      await this.#finish(
        version,
        passing ? { message: `waits: ${messageOf(error)}` } : { state: "build_failed", message: messageOf(error) },
        began,
        log,
      );
      return !passing;
    } finally {
      this.#progress = undefined;
    }
  }

  #reporter(version: VersionRow, log: string[]) {
    const { persona } = version;
    let written = this.#clock.monotonic();
    let said = 0;
    const writeSometimes = () => {
      if (this.#clock.monotonic() - written < PROGRESS_PERIOD) return;
      written = this.#clock.monotonic();
      const { message, percent } = this.#progress ?? {};
      const build = { ...(message === undefined ? {} : { message }), ...(percent === undefined ? {} : { percent }) };
      this.#write(persona, version.version, build, log.splice(0));
    };
    return {
      progress: (message: string, percent: number | undefined) => {
        this.#progress = { persona, version: version.version, percent, message };
        writeSometimes();
      },
      log: (line: string) => {
        said++;
        if (said <= MOST_LINES) log.push(line.slice(0, LONGEST_LINE));
        if (said === MOST_LINES) log.push("… more was said than is kept");
        writeSometimes();
      },
    };
  }

  #write(persona: string, version: number, build: BuildUpdate, lines: readonly string[]): void {
    const work = async () => {
      await this.#repository.setBuild(persona, version, build);
      if (lines.length > 0) await this.#repository.appendBuildLog(persona, version, lines);
    };
    work().catch((error) => this.#log.warn({ err: error, persona, version }, "progress of a build could not be written"));
  }

  async #finish(version: VersionRow, build: Parameters<Repository["setBuild"]>[2], began: number, log: readonly string[]): Promise<void> {
    if (log.length > 0) await this.#repository.appendBuildLog(version.persona, version.version, log);
    await this.#repository.setBuild(version.persona, version.version, { ...build, took: Math.round(this.#clock.monotonic() - began) });
  }
}

const keyOf = ({ persona, version }: VersionRow): string => `${persona}/${version}`;

function packagesOf(persona: Pick<ConcretePersona, "layers"> | undefined): number {
  return persona?.layers.reduce((sum, { packages }) => sum + packages.length, 0) ?? 0;
}
