import { plainText } from "@guise/contract";
import { BUILD_FOLDER, lines, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox } from "../build-box.ts";
import { LACKING, type Lacking, type Module } from "./find-in-image.ts";
import { NODE_MODULES, PYTHON_SITES } from "./modules-script.ts";

/** A module that could not be imported for want of a library. */
export interface Holed extends Module {
  readonly library: string;
}

const MOST = 200;

/** The loader names one library and stops; what the parts of the module that want this one lack beside it is told as well. */
const BESIDE = `${LACKING}
beside() {
  find "$1"* -name "$2" -print0 2>/dev/null | xargs -0 -r -n 64 bash -c 'library=$0
    for file; do
      found=$(ldd "$file" 2>/dev/null | sed -n "s/^[[:space:]]*\\([^ ]*\\) => not found.*/\\1/p")
      if grep -qxF -- "$library" <<< "$found"; then echo "$found"; fi
    done' "$3" | sort -u || :
}
shopt -s nullglob
while IFS=$'\\t' read -r language module library; do
  { echo "$library"
    if [[ $language == python ]]; then for site in ${PYTHON_SITES}; do beside "$site/\${module%%.*}" '*.so*' "$library"; done
    else beside ${NODE_MODULES}/"$module" '*.node' "$library"; fi
  } | sort -u | while read -r one; do printf 'lacks\\t%s\\t%s\\n' "$module" "$one"; done
done < $B/holed
`;

export async function allThatLacks(box: BuildBox, holed: readonly Holed[], signal: AbortSignal): Promise<readonly Lacking[]> {
  if (holed.length === 0) return [];
  const found: Lacking[] = [];
  const list = lines(holed.map(({ language, module, library }) => [language, module, library].join("\t")));
  await runInBox(box, ["-s"], {
    input: `${setupScript([{ name: "holed", content: list }], undefined)}B=${BUILD_FOLDER}\n${BESIDE}`,
    failure: "it could not be told which libraries are missing:",
    signal,
    onLine(line) {
      const [kind, what = "", library = ""] = line.split("\t").map((field) => plainText(field, 100));
      if (kind === "lacks" && found.length < MOST) found.push({ what, library });
      return kind === "lacks" ? "progress" : "words";
    },
  });
  return found;
}
