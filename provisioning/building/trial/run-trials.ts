import { randomInt } from "node:crypto";
import { plainLines } from "@guise/contract";
import { BUILD_FOLDER, lines, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox } from "../build-box.ts";
import { TRIAL_SCRIPT } from "./trial-script.ts";

/** One start of a program. */
export interface Trial {
  readonly command: readonly string[];
  /** After which it counts as one that runs. */
  readonly seconds: number;
}

/** How it ended; `ran`: it went on until its time was over, or it said too much. `words`: the end of what it said. */
export type TrialEnd =
  | { readonly how: "ended"; readonly code: number; readonly words: string }
  | { readonly how: "died"; readonly signal: number; readonly words: string }
  | { readonly how: "ran" }
  | { readonly how: "untried" };

export interface TrialOptions {
  /** For all of them: what there is no time for stays untried. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Started at the same time: one takes about a core. */
const SLOTS = 3;
/** Numbers of users that no distribution gives out, below 65,536, which is all that a remapped engine has. */
const USERS = { from: 20_000, to: 59_000 };
/** Hexadecimal digits of what one says. */
const MOST_WORDS = 10_000;

/** As in a workspace, with few threads each (else OpenBLAS starts one for each core), and no display but one that shows nothing. */
const VARIABLES = [
  "PATH=/opt/guise/python/bin:/usr/local/bin:/usr/bin:/bin:/usr/games:/usr/local/sbin:/usr/sbin:/sbin",
  "LC_ALL=C.UTF-8 TERM=dumb SHELL=/bin/bash QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1",
  ...["OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON", "BLIS", "NUMBA"].map((library) => `${library}_NUM_THREADS=2`),
  "POLARS_MAX_THREADS=2 GOMAXPROCS=2",
].join(" ");

/** Starts each once, as a person who has nothing; each gets its answer. Rejects `image_build_failed` where nothing can be tried, `cancelled`. */
export async function runTrials(box: BuildBox, trials: readonly Trial[], { seconds, signal }: TrialOptions): Promise<readonly TrialEnd[]> {
  if (trials.length === 0) return [];
  const reader = new TrialReader(trials.length);
  const list = trials.map((trial, number) => [number, trial.seconds, ...trial.command].join("\t"));
  const files = [
    { name: "trial", content: TRIAL_SCRIPT },
    { name: "trials", content: lines(list) },
  ];
  // Unlike those of other boxes' users, so that none counts another's processes among its own.
  const user = randomInt(USERS.from, USERS.to);
  const start = `exec env -i ${VARIABLES} perl ${BUILD_FOLDER}/trial ${BUILD_FOLDER}/trials ${user} ${SLOTS} ${seconds}`;
  await runInBox(box, ["-s"], {
    input: `${setupScript(files, undefined)}${start} </dev/null\n`,
    failure: "the image's programs could not be tried:",
    signal,
    onLine: (line) => (reader.push(line) ? "progress" : "words"),
  });
  return reader.ends();
}

/** Reads what `TRIAL_SCRIPT` says. */
export class TrialReader {
  readonly #ends: TrialEnd[];
  readonly #words = new Map<number, string>();

  constructor(trials: number) {
    this.#ends = Array.from({ length: trials }, () => ({ how: "untried" }));
  }

  /** Whether the line was one of the script's own. */
  push(line: string): boolean {
    const [, how = "", digits = "", value = ""] = /^(said|ended|died|ran)\t(\d{1,6})\t([0-9a-f]*)$/.exec(line) ?? [];
    const number = Number(digits);
    if (how === "" || this.#ends[number]?.how !== "untried") return false;
    if (how === "said") this.#words.set(number, `${this.#words.get(number) ?? ""}${value}`.slice(0, MOST_WORDS));
    else this.#ends[number] = this.#end(how, number, Number(value));
    return true;
  }

  ends(): readonly TrialEnd[] {
    return this.#ends;
  }

  #end(how: string, number: number, value: number): TrialEnd {
    if (how === "ran") return { how };
    const words = plainLines(Buffer.from(this.#words.get(number) ?? "", "hex").toString("utf8"), MOST_WORDS);
    return how === "died" ? { how, signal: value, words } : { how: "ended", code: value, words };
  }
}
