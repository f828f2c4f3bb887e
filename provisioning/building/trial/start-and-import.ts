import type { Log } from "#foundation";
import type { FoundLaunchable } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import type { Module } from "./find-in-image.ts";
import { importCommand } from "./modules-script.ts";
import { runTrials, type Trial, type TrialEnd } from "./run-trials.ts";
import { type WhyNot, whyNoImport, whyNoStart } from "./why-not.ts";

/** What there is to try, each by what it is told apart by. */
export interface ToTry {
  readonly programs: ReadonlyMap<string, FoundLaunchable>;
  readonly modules: ReadonlyMap<string, Module>;
}

/** What cannot be started or imported, by the same. */
export interface NoGood {
  readonly programs: ReadonlyMap<string, WhyNot>;
  readonly modules: ReadonlyMap<string, WhyNot>;
}

/** How long one may go on, and all of them, in seconds. PyTorch takes 15 to be imported on two busy cores. */
const LONGEST_START = 10;
const LONGEST_IMPORT = 60;
const LONGEST_OF_ALL = 240;
const LONGEST_AGAIN = 60;
/** What a program is asked first, and what else: only what cannot start however it is asked is no good, for some die of a word that they do not know. */
const FIRST = ["--version"];
const AGAIN: readonly (readonly string[])[] = [["--help"], []];

const UNTRIED: TrialEnd = { how: "untried" };

/** Of what failed at first, keys of the programs that the whole image may fail for: they are asked for something else, too. */
export type WhatMatters = (noGood: NoGood) => ReadonlySet<string>;

export interface StartAndImport extends ToTry {
  readonly whatMatters: WhatMatters;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Imports modules and starts programs, each once; once more, asked for something else, what did not start and matters. */
export async function startAndImport(box: BuildBox, { programs, modules, whatMatters, log, signal }: StartAndImport): Promise<NoGood> {
  const run = (trials: readonly Trial[], seconds: number) => runTrials(box, trials, { seconds, signal });
  const imports = [...modules.values()].map(({ language, module }) => ({
    command: importCommand(language, module),
    seconds: LONGEST_IMPORT,
  }));
  const ends = await run([...imports, ...[...programs.values()].map((program) => startOf(program, FIRST))], LONGEST_OF_ALL);
  const untried = ends.filter(({ how }) => how === "untried").length;
  if (untried > 0) log.warn({ untried }, "there was no time to try all that an image offers");
  const noImport = [...modules.values()].map(({ module }, at) => whyNoImport(ends[at] ?? UNTRIED, module));
  const noModules = byKey([...modules.keys()], noImport);
  let noStart = whyNot([...programs], ends.slice(imports.length));
  for (const words of AGAIN) {
    const matters = whatMatters({ programs: noStart, modules: noModules });
    const going = [...programs].filter(([path]) => matters.has(path));
    const trials = going.map(([, program]) => startOf(program, words));
    const again = whyNot(going, await run(trials, LONGEST_AGAIN));
    noStart = new Map([...noStart].filter(([path]) => !matters.has(path) || again.has(path)));
  }
  return { programs: noStart, modules: noModules };
}

function startOf({ command }: FoundLaunchable, words: readonly string[]): Trial {
  return { command: [command[0] ?? "", ...words], seconds: LONGEST_START };
}

function whyNot(programs: readonly (readonly [string, FoundLaunchable])[], ends: readonly TrialEnd[]): ReadonlyMap<string, WhyNot> {
  return byKey(
    programs.map(([path]) => path),
    programs.map(([, { kind }], at) => whyNoStart(ends[at] ?? UNTRIED, kind === "desktop")),
  );
}

function byKey(keys: readonly string[], whyNots: readonly (WhyNot | undefined)[]): ReadonlyMap<string, WhyNot> {
  return new Map(
    keys.flatMap((key, at) => {
      const why = whyNots[at];
      return why === undefined ? [] : [[key, why] as const];
    }),
  );
}
