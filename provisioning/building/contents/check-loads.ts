import { listed, plainText } from "@guise/contract";
import { ProvisioningError } from "#provisioning";
import { BUILD_FOLDER, lines, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox } from "../build-box.ts";
import type { ImageContents } from "./image-contents.ts";
import { packageOfLibrary } from "./runtime-libraries.ts";

const MOST = 200;

/**
 * Programs that are to be launched, and the native parts of Python's and npm's packages: what the loader does not find for them. A Python or npm
 * package counts only where it cannot be imported for that: most have parts that few need. The loader names one library and stops; all that the
 * part in question lacks are told. It is imported here, so this box is thrown away. Says, tab-separated: `lacks WHAT LIBRARY`.
 */
const CHECK = `lacking() { ldd "$1" 2>/dev/null | sed -n 's/^[[:space:]]*\\([^ ]*\\) => not found.*/\\1/p' | sort -u; }
# Parts that lack the library that the loader named, with all that they lack.
beside() {
  find "$1"* -name "$2" -print0 2>/dev/null | xargs -0 -r -n 64 bash -c 'library=$0
    for file; do
      found=$(ldd "$file" 2>/dev/null | sed -n "s/^[[:space:]]*\\([^ ]*\\) => not found.*/\\1/p")
      if grep -qxF -- "$library" <<< "$found"; then echo "$found"; fi
    done' "$3" | sort -u || :
}
while read -r program; do
  real=$(readlink -f "$program") || continue
  [[ $(head -c 4 "$real" | tr -d '\\0') == $'\\x7fELF' ]] || continue
  for library in $(lacking "$real"); do printf 'lacks\\t%s\\t%s\\n' "\${program##*/}" "$library"; done
done < $B/programs
echo "checked programs"
shopt -s nullglob
for site in /opt/guise/python/lib/python3*/site-packages; do
  find "$site" -name '*.so' -path '*' \\( -name '*.cpython-*' -o -name '*.abi3.so' \\) -print0 |
    xargs -0 -r -n 64 -P 2 bash -c 'for file; do ldd "$file" 2>/dev/null | grep -q "=> not found" && echo "$file"; done; :' _ |
    sed "s#^$site/##" | cut -d / -f 1 | sed 's/[.].*//' | sort -u > $F/suspects
  while read -r module; do
    said=$(cd /tmp && HOME=/tmp timeout 120 /opt/guise/python/bin/python -c "import importlib, sys; importlib.import_module(sys.argv[1])" "$module" 2>&1 </dev/null | tail -1) || :
    library=$(sed -n 's/.*: \\([^ :]*[.]so[^ :]*\\): cannot open shared object file.*/\\1/p' <<< "$said")
    if [[ $library ]]; then
      { echo "$library"; beside "$site/$module" '*.so*' "$library"; } | sort -u | while read -r one; do printf 'lacks\\t%s\\t%s\\n' "$module" "$one"; done
    fi
  done < $F/suspects
done
echo "checked Python"
modules=/opt/guise/npm/lib/node_modules
if [[ -d $modules ]]; then
  find $modules -name '*.node' -print0 | xargs -0 -r -n 64 -P 2 bash -c 'for file; do ldd "$file" 2>/dev/null | grep -q "=> not found" && echo "$file"; done; :' _ |
    sed "s#^$modules/##" | awk -F/ '{ print (substr($1, 1, 1) == "@") ? $1 "/" $2 : $1 }' | sort -u > $F/suspects
  while read -r module; do
    said=$(cd /tmp && HOME=/tmp timeout 120 node -e 'require(process.argv[1])' "$module" 2>&1 </dev/null) || :
    library=$(sed -n 's/.*Error: \\([^ :]*[.]so[^ :]*\\): cannot open shared object file.*/\\1/p' <<< "$said" | head -1)
    if [[ $library ]]; then
      { echo "$library"; beside "$modules/$module" '*.node' "$library"; } | sort -u | while read -r one; do printf 'lacks\\t%s\\t%s\\n' "$module" "$one"; done
    fi
  done < $F/suspects
fi
`;

/** Rejects `image_build_failed` where a program or a package cannot load, with the library and what brings it. The box is good for nothing else then. */
export async function checkLoads(box: BuildBox, { launchables }: ImageContents, signal: AbortSignal): Promise<void> {
  const programs = launchables.map(({ command }) => command[0] ?? "").filter((path) => path.startsWith("/"));
  const lacking: { readonly what: string; readonly library: string }[] = [];
  const files = [{ name: "programs", content: lines([...new Set(programs)]) }];
  const input = `${setupScript(files, { B: BUILD_FOLDER, F: "/tmp", PATH: "/usr/local/bin:/usr/bin:/bin:/usr/games" })}. ${BUILD_FOLDER}/variables\n${CHECK}`;
  await runInBox(box, ["-s"], {
    input,
    failure: "the image's programs could not be tried:",
    signal,
    onLine(line) {
      const [kind, what = "", library = ""] = line.split("\t").map((field) => plainText(field, 100));
      if (kind === "lacks" && lacking.length < MOST) lacking.push({ what, library });
      return kind === "lacks" ? "progress" : "words";
    },
  });
  if (lacking.length > 0) throw new ProvisioningError("image_build_failed", sentence(lacking), { detail: { lacking } });
}

function sentence(lacking: readonly { readonly what: string; readonly library: string }[]): string {
  const all = [...Map.groupBy(lacking, ({ what }) => what)];
  const told = all.slice(0, 5).map(([what, of]) => {
    return `${what} cannot start: ${listed(of.map(({ library }) => library))} ${of.length === 1 ? "is" : "are"} not there`;
  });
  const helping = [...new Set(lacking.map(({ library }) => packageOfLibrary(library)).filter((name) => name !== undefined))];
  const packages = listed(helping.map((name) => `apt:${name}`));
  const help =
    helping.length === 0 ? "" : `; ${packages} ${helping.length === 1 ? "brings" : "bring"} ${lacking.length === 1 ? "it" : "them"}`;
  return `${told.join("; ")}${all.length > told.length ? `; and ${all.length - told.length} more` : ""}${help}`;
}
