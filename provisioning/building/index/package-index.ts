import { PACKAGE_MANAGERS, type PackageManagerName, plainText } from "@guise/contract";
import { type Clock, Limited, type Log, messageOf, nearest, type Timer } from "#foundation";
import {
  type ImageLayer,
  type ImagePlan,
  type LoginsOf,
  type MissingPackage,
  type NamedPackage,
  type PackageFindings,
  ProvisioningError,
} from "#provisioning";
import { suiteOf } from "../base/suite-of.ts";
import { reachableMirrors } from "../box/box-network.ts";
import { buildVariables, layerFiles, setupScript } from "../box/build-files.ts";
import { openBox } from "../box/concealing-box.ts";
import { keyRings } from "../box/key-rings.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { AptClashReader } from "../managers/apt-clash.ts";
import { packageName } from "../managers/index.ts";
import type { HostMirrors, MirrorsOf } from "../mirrors/host-mirrors.ts";
import { type OpenMirrors, openAll } from "../mirrors/open-mirrors.ts";
import { allSourcesOf, openSources, withSources } from "../mirrors/package-sources.ts";
import { sourceFailure } from "../mirrors/source-failure.ts";
import { ALWAYS } from "../python/python-layers.ts";
import { ResolutionReader, unresolvedOf } from "../python/read-resolution.ts";
import { SourceRounds } from "../python/source-rounds.ts";
import { examineFiles, examineScript, namesFiles, namesScript, type Questions } from "./examine-script.ts";

export interface PackageIndexOptions {
  readonly site: BuildSite;
  readonly clock: Clock;
  readonly log: Log;
  readonly mirrors: MirrorsOf;
  readonly loginsOf: LoginsOf;
  /** Whether packages without wheels are built of their sources. */
  readonly sources: boolean;
  /** Reference of the layer with Python, made when it is missing. */
  readonly python: (packageEpoch: string, mirrors: HostMirrors, signal: AbortSignal) => Promise<string>;
}

/** A box with the mirrors open, in which nothing is ever installed. */
interface Room {
  readonly mirrors: HostMirrors;
  readonly box: BuildBox;
  readonly open: OpenMirrors;
  /** What it was made with: with other mirrors another one is made. */
  readonly made: string;
}

/** Ms after which a room that nobody asks anything is given back. */
const IDLE = 10 * 60_000;
/** Of what is said beside answers so much is kept, for the message of a failure. */
const LINES = 6;
/** Characters that are kept of what a list says of a package. */
const MOST_SAID = 200;
/** What the layer stands for that its files are made with: the questions have their own. */
const NOBODY = { application: "index", maker: "apt", target: "/", packages: [], address: "" } as const;

/**
 * What the mirrors have of packages that somebody names, before anything is built. Asked in a box, so that the mirrors are seen as a build sees
 * them; only the managers' own code runs there, and what it fetched stays for the next question.
 */
export class PackageIndex {
  readonly #options: PackageIndexOptions;
  readonly #one = new Limited(1);
  #room: Room | undefined;
  #idle: Timer | undefined;

  constructor(options: PackageIndexOptions) {
    this.#options = options;
  }

  /** Rejects `mirror_unreachable`, `cancelled`, `engine_unreachable`. */
  examine(plan: ImagePlan, signal: AbortSignal): Promise<PackageFindings> {
    return this.#inRoom(plan, signal, (room) => this.#ask(room, questionsOf(plan.layers), signal));
  }

  /** All packages of the distribution. Rejects as `examine` does, and `image_build_failed` where its lists cannot be read. */
  names(plan: ImagePlan, signal: AbortSignal): Promise<readonly NamedPackage[]> {
    return this.#inRoom(plan, signal, async ({ box }) => {
      const names: NamedPackage[] = [];
      const input = `${setupScript(namesFiles(), undefined)}${namesScript()}`;
      const onLine = (line: string) => {
        const [what, name, summary] = line.split("\t");
        if (what !== "named" || name === undefined || summary === undefined) return "words";
        names.push({ name, summary: plainText(summary, MOST_SAID) });
        return "progress";
      };
      await runInBox(box, ["-s"], { input, failure: "the package lists could not be read:", signal, onLine });
      return names;
    });
  }

  #inRoom<T>(plan: ImagePlan, signal: AbortSignal, work: (room: Room) => Promise<T>): Promise<T> {
    return this.#one.run(async () => {
      if (signal.aborted) throw new ProvisioningError("cancelled", "the examination was cancelled");
      this.#idle?.cancel();
      try {
        return await work(await this.#enter(plan, signal));
      } catch (error) {
        // Whatever became of it: the next one begins in a room of its own.
        await this.#leave();
        throw error;
      } finally {
        this.#idle = this.#options.clock.after(IDLE, () => void this.#one.run(() => this.#leave()), { unref: true });
      }
    });
  }

  /** Nothing of it is left after this, until the next question. */
  async close(): Promise<void> {
    this.#idle?.cancel();
    await this.#one.run(() => this.#leave());
  }

  async #enter(plan: ImagePlan, signal: AbortSignal): Promise<Room> {
    const own = await this.#options.mirrors(suiteOf(plan));
    const sources = allSourcesOf(plan);
    const mirrors = withSources(own, await openSources(sources, this.#options.loginsOf), sources);
    const parent = await this.#options.python(plan.packageEpoch, own, signal);
    const made = JSON.stringify([parent, mirrors]);
    if (this.#room?.made === made) return this.#room;
    await this.#leave();
    const open = await openAll(mirrors);
    const box = await openBox(this.#options.site, parent, open);
    this.#room = { mirrors, box, open, made };
    const files = layerFiles(NOBODY, mirrors, await keyRings(mirrors));
    const input = setupScript(files, buildVariables(NOBODY, mirrors));
    await runInBox(box, ["-s"], { input, failure: "the examination could not begin", signal });
    await box.openMirrors();
    return this.#room;
  }

  async #leave(): Promise<void> {
    const room = this.#room;
    this.#room = undefined;
    await room?.box
      .remove()
      .catch((cause: unknown) => this.#options.log.warn({ cause: messageOf(cause) }, "the box of the package index could not be removed"));
  }

  async #ask({ mirrors, box, open }: Room, questions: Questions, signal: AbortSignal): Promise<PackageFindings> {
    if (questions.size === 0) return { missing: [], unresolved: undefined };
    const rounds = new SourceRounds(this.#options.sources);
    const answers = new Answers(questions, rounds);
    for (let asked = questions; asked.size > 0; asked = answers.open()) {
      const input = `${setupScript(examineFiles(asked, rounds.known), undefined)}${examineScript(asked)}`;
      await runInBox(box, ["-s"], {
        input,
        failure: "the mirrors could not be asked:",
        signal,
        onLine: (line) => (answers.push(line) ? "progress" : "words"),
      });
    }
    const missing = answers.missing();
    // What is missing is missing only where the mirrors answer.
    if (answers.failed.length > 0 || missing.length > 0) {
      const answering = await reachableMirrors(box, open, signal);
      if (answering.length < open.allow.length) throw new ProvisioningError("mirror_unreachable", "a package mirror does not answer");
    }
    if (answers.failed.length > 0) {
      const message = `the package lists of ${answers.failed.join(", ")} could not be read: ${answers.words}`;
      throw sourceFailure(answers.words, mirrors.sources) ?? new ProvisioningError("mirror_unreachable", message);
    }
    return { missing, unresolved: answers.unresolved, ...(missing.length === 0 ? {} : { asked: placesOf(mirrors, missing) }) };
  }
}

/** What the scripts said, by manager. */
class Answers {
  readonly failed: PackageManagerName[] = [];
  readonly #questions: Questions;
  readonly #absent = new Map<PackageManagerName, Set<string>>();
  readonly #known = new Map<PackageManagerName, string[]>();
  readonly #rounds: SourceRounds;
  readonly #clash = new AptClashReader();
  #resolution: ResolutionReader | undefined;
  #unresolved: PackageFindings["unresolved"];
  readonly #words = new Map<PackageManagerName, string[]>();

  constructor(questions: Questions, rounds: SourceRounds) {
    this.#questions = questions;
    this.#rounds = rounds;
    for (const manager of questions.keys()) {
      this.#absent.set(manager, new Set());
      this.#known.set(manager, []);
    }
  }

  /** The last that was said beside answers by those that could not ask. */
  get words(): string {
    return this.failed.flatMap((manager) => this.#words.get(manager) ?? []).join("; ");
  }

  push(line: string): boolean {
    const at = line.indexOf("\t");
    const manager = line.slice(0, at) as PackageManagerName;
    const said = line.slice(at + 1);
    const [kind, name = ""] = said.split("\t");
    if (!this.#questions.has(manager)) return false;
    if (kind === "failed") this.failed.push(manager);
    else if (kind === "missing") this.#absent.get(manager)?.add(name);
    else if (kind === "known") this.#known.get(manager)?.push(name);
    else if (kind === "clash" && manager === "apt") this.#clash.push(said.slice(kind.length + 1));
    else if (manager === "pip" && this.#resolves(said)) return true;
    else {
      this.#words.set(manager, [...(this.#words.get(manager) ?? []), said].slice(-LINES));
      return false;
    }
    return true;
  }

  /** In the order in which they were named. */
  missing(): MissingPackage[] {
    return [...this.#questions].flatMap(([manager, packages]) =>
      packages
        .filter((argument) => this.#absent.get(manager)?.has(argument) === true)
        .map((argument) => ({ manager, argument, nearest: nearestName(packageName(manager, argument), this.#known.get(manager) ?? []) })),
    );
  }

  /** What is to be asked again: whether all fit that come as source. What a source needs beside is found when it is built. */
  open(): Questions {
    const pip = this.#questions.get("pip") ?? [];
    const resolution = this.#resolution;
    this.#resolution = undefined;
    if (resolution === undefined) return new Map();
    try {
      return this.#rounds.answered(resolution, pip).next === "ask" ? new Map([["pip", pip]]) : new Map();
    } catch (error) {
      this.#unresolved = unresolvedOf(error);
      if (this.#unresolved === undefined) throw error;
      return new Map();
    }
  }

  get unresolved(): PackageFindings["unresolved"] {
    return this.#unresolved ?? this.#clash.told(this.#questions.get("apt") ?? []);
  }

  #resolves(said: string): boolean {
    const reader = this.#resolution ?? new ResolutionReader();
    if (!reader.push(said)) return false;
    this.#resolution = reader;
    return true;
  }
}

function questionsOf(layers: readonly ImageLayer[]): Questions {
  const questions = PACKAGE_MANAGERS.map((manager) => {
    const named = layers.filter((layer) => layer.manager === manager).flatMap(({ packages }) => packages);
    return [manager, [...new Set(manager === "pip" && named.length > 0 ? [...named, ...ALWAYS] : named)]] as const;
  });
  return new Map(questions.filter(([, packages]) => packages.length > 0));
}

/** Where the managers of these packages look: hosts of the mirrors, and names of what was added. */
function placesOf(
  { apt, pipIndex, npmRegistry, sources }: HostMirrors,
  missing: readonly MissingPackage[],
): NonNullable<PackageFindings["asked"]> {
  const added = new Set(sources.map(({ source }) => source.url));
  const own = { apt: apt.map(({ uri }) => uri).filter((uri) => !added.has(uri)), pip: [pipIndex], npm: [npmRegistry] };
  const places = [...new Set(missing.map(({ manager }) => manager))].map((manager) => {
    const of = manager === "pipx" ? "pip" : manager;
    const hosts = own[of].map((url) => new URL(url).host);
    const names = sources.flatMap(({ source }) => (source.manager === of ? [source.source] : []));
    return [manager, [...new Set([...hosts, ...names])]] as const;
  });
  return Object.fromEntries(places);
}

/** A name that is there although its version is not is its own nearest name. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  return known.includes(name) ? name : nearest(name, known);
}
