import type { PackageManagerName } from "@guise/contract";
import type { BuildFile } from "../box/build-file.ts";
import { BUILD_FOLDER, lines } from "../box/build-files.ts";
import { NAMES } from "../managers/apt.ts";
import { MANAGERS, packageName } from "../managers/index.ts";
import { RESOLVE } from "../python/resolve-script.ts";
import { type KnownSources, sourceFiles } from "../sources/sources-file.ts";

/** Seconds in which one manager's mirrors have answered, whatever is asked. */
const LONGEST = 120;

/** What ran out of time has said nothing of it. */
const FAILED = `failed() {
  if (($? == 124)); then echo "it was not done after ${LONGEST} s; publish it all the same, for a build waits longer"; fi
  echo failed
}`;

/** What is asked of each manager. */
export type Questions = ReadonlyMap<PackageManagerName, readonly string[]>;

/**
 * The files of one examination. Each manager is asked by a script of its own, in a folder of its own that stays: package lists and what is
 * known of packages are fetched anew only when they are old.
 */
export function examineFiles(questions: Questions, sources: KnownSources): BuildFile[] {
  const asked = [...questions].flatMap(([manager, packages]) => [
    { name: `packages-${manager}`, content: lines(packages) },
    { name: `names-${manager}`, content: lines(packages.map((argument) => packageName(manager, argument))) },
    { name: `ask-${manager}`, content: askScript(manager) },
  ]);
  return [...asked, ...sourceFiles(sources)];
}

/** The file that `namesScript` runs; it shares its folder, and the lists in it, with the examinations. */
export function namesFiles(): BuildFile[] {
  const script = `. ${BUILD_FOLDER}/variables\nexport F=$F/index-apt\nmkdir -p $F\n${NAMES}\n`;
  return [{ name: "names-of-all", content: script }];
}

/** Says all packages of the distribution. */
export function namesScript(): string {
  return `exec timeout ${LONGEST} bash -euo pipefail ${BUILD_FOLDER}/names-of-all\n`;
}

/** Asks all of them at once. Each line that is said begins with the manager and a tab; `failed` where one could not ask. */
export function examineScript(questions: Questions): string {
  const ask = (manager: PackageManagerName) =>
    `{ timeout ${LONGEST} bash -euo pipefail ${BUILD_FOLDER}/ask-${manager} 2>&1 || failed; } | sed -u 's/^/${manager}\\t/' &`;
  return `${FAILED}\n${[...questions.keys()].map(ask).join("\n")}\nwait\n`;
}

function askScript(manager: PackageManagerName): string {
  return `. ${BUILD_FOLDER}/variables
export F=$F/index-${manager}
mkdir -p $F
mapfile -t packages < $B/packages-${manager}
mapfile -t names < $B/names-${manager}
${manager === "pip" ? RESOLVE_OR_CHECK : MANAGERS[manager].check}
`;
}

/** The resolver names only the first that is nowhere, or that it cannot ask for; where it finds nothing all are asked for one by one. */
const RESOLVE_OR_CHECK = `set +e
( set -e
${RESOLVE}
) > $F/resolved 2>&1
code=$?
set -e
if ((code != 0)) || grep -qx refused $F/resolved; then
  : > $F/missing
  ${MANAGERS.pip.check}
  [[ ! -s $F/missing ]] || exit 0
fi
cat $F/resolved
exit $code`;
