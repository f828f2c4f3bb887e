import { plainText } from "@guise/contract";
import { BUILD_FOLDER, lines, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox } from "../build-box.ts";
import { type Language, MODULES_SCRIPT, SUSPECTS_SCRIPT } from "./modules-script.ts";
import type { NamedPackage } from "./offered-programs.ts";

export interface WhatToFind {
  /** Paths of programs whose libraries are looked for. */
  readonly programs: readonly string[];
  /** Paths of programs, or names of the search path. */
  readonly offered: readonly string[];
  readonly named: readonly Pick<NamedPackage, "language" | "name">[];
  readonly signal: AbortSignal;
}

export interface Found {
  /** A program, or a module, and a library that the loader does not find for it. */
  readonly lacking: readonly Lacking[];
  /** Real paths of the offered ones by their place; undefined: not there. */
  readonly real: readonly (string | undefined)[];
  /** Modules with native parts that lack libraries: many have some that few need. */
  readonly suspects: readonly Module[];
  /** Modules of the named packages by their place. */
  readonly modules: readonly (readonly string[])[];
}

export interface Lacking {
  readonly what: string;
  readonly library: string;
}

export interface Module {
  readonly language: Language;
  readonly module: string;
}

const MOST = 1_000;

/** `lacking FILE`: the libraries that the loader does not find for it. */
export const LACKING = `lacking() { ldd "$1" 2>/dev/null | sed -n 's/^[[:space:]]*\\([^ ]*\\) => not found.*/\\1/p' | sort -u; }`;

/** Of programs' files and of packages' metadata; no code of theirs runs. Says, tab-separated, what `FoundReader` reads. */
const FIND = `${LACKING}
while read -r program; do
  real=$(readlink -f "$program") || continue
  [[ $(head -c 4 "$real" | tr -d '\\0') == $'\\x7fELF' ]] || continue
  for library in $(lacking "$real"); do printf 'lacks\\t%s\\t%s\\n' "\${program##*/}" "$library"; done
done < $B/programs
number=0
while read -r program; do
  real=$(readlink -f "$(type -P -- "$program")") && printf 'program\\t%s\\t%s\\n' $number "$real"
  number=$((number + 1))
done < $B/offered
${SUSPECTS_SCRIPT}
${MODULES_SCRIPT}
`;

/** What there is to try. */
export async function findInImage(box: BuildBox, { programs, offered, named, signal }: WhatToFind): Promise<Found> {
  const reader = new FoundReader(offered.length, named.length);
  const files = [
    { name: "programs", content: lines(programs) },
    { name: "offered", content: lines(offered) },
    { name: "named", content: lines(named.map(({ language, name }) => `${language}\t${name}`)) },
  ];
  const variables = { B: BUILD_FOLDER, F: "/tmp", PATH: "/opt/guise/python/bin:/usr/local/bin:/usr/bin:/bin:/usr/games:/usr/sbin:/sbin" };
  await runInBox(box, ["-s"], {
    input: `${setupScript(files, variables)}. ${BUILD_FOLDER}/variables\n${FIND}`,
    failure: "the image could not be asked what there is to try:",
    signal,
    onLine: (line) => (reader.push(line) ? "progress" : "words"),
  });
  return reader;
}

class FoundReader implements Found {
  readonly lacking: Lacking[] = [];
  readonly real: (string | undefined)[];
  readonly suspects: Module[] = [];
  readonly modules: string[][];

  constructor(offered: number, named: number) {
    this.real = Array.from({ length: offered });
    this.modules = Array.from({ length: named }, () => []);
  }

  /** Whether the line was one of the script's own. */
  push(line: string): boolean {
    const [kind, first = "", second = ""] = line.split("\t").map((field) => plainText(field, 300));
    const number = Number(first);
    if (kind === "lacks" && this.lacking.length < MOST) this.lacking.push({ what: plainText(first, 100), library: plainText(second, 100) });
    else if (kind === "program" && number < this.real.length) this.real[number] = second;
    else if (kind === "suspect" && isLanguage(first) && this.suspects.length < MOST)
      this.suspects.push({ language: first, module: second });
    else if (kind === "module" && (this.modules[number]?.length ?? MOST) < MOST) this.modules[number]?.push(second);
    else return false;
    return true;
  }
}

function isLanguage(text: string): text is Language {
  return text === "python" || text === "node";
}
