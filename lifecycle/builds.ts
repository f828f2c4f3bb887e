import { roughly } from "@guise/contract";
import { type Clock, codeOf, type Log, messageOf, type Timer } from "#foundation";
import type { PersonaImage } from "#persona";
import { type BuiltImage, type Driver, type ImageReport, ProvisioningError } from "#provisioning";
import type { BuildUpdate, Repository, VersionRow } from "#repository";
import { inLine, placesIn } from "./build-line.ts";
import { type BuildRecord, type BuildWork, buildRecord, epochOf, workKey } from "./build-work.ts";
import { timeLeft } from "./time-left.ts";
import { imagePlanOf, packageEpochOf, sourcesOf } from "./translate.ts";
import { isBuilt } from "./version-checks.ts";

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

/** Builds the images of published versions, one at a time, in the order in which they were published; and then the next revisions of those that are to be refreshed. */
export class Builds {
  readonly #repository: Repository;
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #packageEpoch: string;
  readonly #imageOf: (version: VersionRow) => PersonaImage | undefined;
  readonly #unfitWith: (version: VersionRow, image: BuiltImage) => string | undefined;
  readonly #built: () => void;
  readonly #abort = new AbortController();
  #progress: BuildProgress | undefined;
  /** What is being built. */
  #present: BuildWork | undefined;
  /** Ends that alone. */
  #unwanted = new AbortController();
  /** What those that wait were told last of their place. */
  #told = new Map<string, string>();
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
    /** What the image of a version is made of; undefined when its definition no longer resolves. */
    readonly imageOf: (version: VersionRow) => PersonaImage | undefined;
    /** Why a version cannot be used with this image, for people. */
    readonly unfitWith?: (version: VersionRow, image: BuiltImage) => string | undefined;
  }) {
    this.#repository = options.repository;
    this.#driver = options.driver;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#packageEpoch = options.packageEpoch;
    this.#built = options.built;
    this.#imageOf = options.imageOf;
    this.#unfitWith = options.unfitWith ?? (() => undefined);
  }

  /** What is being built now. */
  current(): BuildProgress | undefined {
    return this.#progress;
  }

  /** Something was published, or Guise started. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    if (this.#present !== undefined) this.#tellPlaces(this.#present);
    this.#running ??= this.#all()
      .catch((error: unknown) => {
        // The store, most likely: the builds that are left are looked for again.
        this.#log.error({ err: error }, "builds could not go on; they are tried again");
        this.#wakeLater(RETRY_PERIOD);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#again) this.wake();
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
      const waiting = await this.#waiting();
      const now = this.#clock.monotonic();
      const next = waiting.find((work) => (this.#notBefore.get(workKey(work)) ?? now) <= now);
      if (next === undefined) {
        const pauses = waiting.map((work) => (this.#notBefore.get(workKey(work)) ?? now) - now);
        if (pauses.length > 0) this.#wakeLater(Math.min(...pauses));
        // What was published while the list was read is not on it.
        continue;
      }
      this.#present = next;
      this.#unwanted = new AbortController();
      if (this.#told.delete(workKey(next))) await buildRecord(this.#repository, next).progress({ message: "begins" });
      this.#tellPlaces(next);
      const ended = await this.#build(next).finally(() => {
        this.#present = undefined;
      });
      if (ended) this.#notBefore.delete(workKey(next));
      else this.#notBefore.set(workKey(next), this.#clock.monotonic() + RETRY_PERIOD);
      this.#again = true;
    }
  }

  async #waiting(): Promise<readonly BuildWork[]> {
    const { versionsInState, drafts, refreshing } = this.#repository;
    const published = (await versionsInState("building")).filter((version) => !isBuilt(version));
    const building = [...published, ...(await drafts("building"))];
    return inLine(building, await refreshing(), (version) => packagesOf(this.#imageOf(version)));
  }

  /**
   * Whoever waits says behind what; one that a mirror or the engine keeps waiting goes on saying that. What nobody wants any more, a draft
   * that was discarded or replaced, keeps nobody waiting.
   */
  #tellPlaces(present: BuildWork): void {
    const unwanted = this.#unwanted;
    const tell = async () => {
      const told = new Map<string, string>();
      const line = await this.#waiting();
      if (!line.some((work) => workKey(work) === workKey(present))) unwanted.abort(new Error("it is no longer wanted"));
      for (const { work, message } of placesIn(line, present)) {
        if (this.#present !== present || this.#notBefore.has(workKey(work))) continue;
        told.set(workKey(work), message);
        if (this.#told.get(workKey(work)) !== message) await buildRecord(this.#repository, work).progress({ message });
      }
      this.#told = told;
    };
    tell().catch((error: unknown) => this.#log.warn({ err: error }, "those that wait to be built could not be told their places"));
  }

  #wakeLater(milliseconds: number): void {
    this.#retry?.cancel();
    this.#retry = this.#clock.after(milliseconds, () => this.wake(), { unref: true });
  }

  /** True when the build came to an end, good or bad; false when it is to be tried again later. */
  async #build(work: BuildWork): Promise<boolean> {
    const { kind, version } = work;
    const record = buildRecord(this.#repository, work);
    const persona = this.#imageOf(version);
    // Not inside what follows: a store that does not answer is no fault of the version.
    const sources = sourcesOf(await this.#repository.packageSources(), version);
    const before = kind === "refresh" ? undefined : await this.#imageBefore(version);
    const ending = AbortSignal.any([this.#abort.signal, this.#unwanted.signal]);
    const began = this.#clock.monotonic();
    const log: string[] = [];
    let downloading = 0;
    const times = () => ({ took: this.#took(began), downloading: Math.round(downloading) });
    const report: ImageReport = {
      ...this.#reporter(version, record, log),
      downloaded: (took: number) => {
        downloading += took;
      },
    };
    try {
      if (persona === undefined) throw new Error("the definition no longer resolves with this catalog");
      const packageEpoch = packageEpochOf(this.#packageEpoch, epochOf(work));
      const plan = imagePlanOf(persona, { packageEpoch, sources, ...(before === undefined ? {} : { keeps: before }) });
      const image = await this.#driver.ensureImage(plan, report, ending);
      await this.#keepLog(version, log.splice(0));
      const unfit = this.#unfitWith(version, image);
      if (unfit !== undefined) throw new ProvisioningError("image_build_failed", unfit);
      await record.built(image, times());
      this.#built();
      return true;
    } catch (error) {
      if (ending.aborted) return true;
      const { persona } = version;
      this.#log.warn({ err: error, kind, persona, version: version.version }, "a build did not succeed");
      const passing = codeOf(error) === "engine_unreachable" || codeOf(error) === "mirror_unreachable" || codeOf(error) === "disk_full";
      await this.#keepLog(version, log);
      if (passing) await record.waits(`waits: ${messageOf(error)}`, times());
      else await record.failed(messageOf(error), times());
      return !passing;
    } finally {
      this.#progress = undefined;
    }
  }

  /** What one package more changes is that package alone: new versions of the others come when somebody asks to refresh them, or names them. */
  async #imageBefore({ persona, version }: VersionRow): Promise<VersionRow["image"]> {
    const earlier = (await this.#repository.versions(persona)).filter((each) => each.version < version && each.state !== "draft");
    const built = earlier.filter((each) => each.image !== undefined);
    return built.sort((a, b) => b.version - a.version)[0]?.image;
  }

  #reporter(version: VersionRow, record: BuildRecord, log: string[]) {
    const { persona } = version;
    let written = this.#clock.monotonic();
    let said = 0;
    let expected: { readonly expected: number; readonly at: number; readonly from: number } | undefined;
    const withTime = (message: string, percent: number | undefined) => {
      if (expected === undefined || percent === undefined) return message;
      const left = timeLeft({ ...expected, elapsed: this.#clock.monotonic() - expected.at, percent });
      return left === 0 ? message : `${message}, about ${roughly(left)} left`;
    };
    const writeSometimes = () => {
      if (this.#clock.monotonic() - written < PROGRESS_PERIOD) return;
      written = this.#clock.monotonic();
      const { message, percent } = this.#progress ?? {};
      const build = { ...(message === undefined ? {} : { message }), ...(percent === undefined ? {} : { percent }) };
      this.#write(version, record, build, log.splice(0));
    };
    return {
      progress: (message: string, percent: number | undefined) => {
        this.#progress = { persona, version: version.version, percent, message: withTime(message, percent) };
        writeSometimes();
      },
      expects: (milliseconds: number) => {
        expected = { expected: milliseconds, at: this.#clock.monotonic(), from: this.#progress?.percent ?? 0 };
      },
      log: (line: string) => {
        said++;
        if (said <= MOST_LINES) log.push(line.slice(0, LONGEST_LINE));
        if (said === MOST_LINES) log.push("… more was said than is kept");
        writeSometimes();
      },
    };
  }

  #write(row: VersionRow, record: BuildRecord, told: Pick<BuildUpdate, "message" | "percent">, lines: readonly string[]): void {
    const { persona, version } = row;
    const work = async () => {
      await record.progress(told);
      await this.#keepLog(row, lines);
    };
    work().catch((error) => this.#log.warn({ err: error, persona, version }, "progress of a build could not be written"));
  }

  async #keepLog({ persona, version }: VersionRow, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#repository.appendBuildLog(persona, version, lines);
  }

  #took(began: number): number {
    return Math.round(this.#clock.monotonic() - began);
  }
}

function packagesOf(persona: PersonaImage | undefined): number {
  return persona?.layers.reduce((sum, { packages }) => sum + packages.length, 0) ?? 0;
}
