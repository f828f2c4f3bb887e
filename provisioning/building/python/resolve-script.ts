import { FETCH_UV } from "./uv.ts";

/**
 * Resolves the array `packages` together, with the mirrors open. Only the resolver's own code runs. It says, tab-separated:
 * `package NAME VERSION BYTES`, then `hash NAME SHA256` and `needs NAME NEEDED_BY` for each; or `refused` and then the resolver's words, on
 * which `readUnresolved` stands.
 */
export const RESOLVE = `${FETCH_UV}
printf '%s\\n' "\${packages[@]}" > $F/wanted
compile() { uv pip compile --quiet --no-build --no-header --python /usr/bin/python3 --default-index "$PIP_INDEX_URL" "$@" $F/wanted; }
echo "Resolving"
compile --format pylock.toml --output-file $F/pylock.toml >/dev/null 2>$F/refusal || {
  # 1: nothing fits; else it could not ask.
  if (($? == 1)); then printf 'refused\\n'; cat $F/refusal; exit 0; fi
  cat $F/refusal
  exit 1
}
compile --annotation-style=line > $F/annotated
PYTHONPATH=$(echo /usr/share/python-wheels/pip-*.whl) python3 -S - <<'PYTHON'
import os
from pip._vendor import tomli
fetched = os.environ["F"]
def say(*words): print(*words, sep="\\t")
with open(fetched + "/pylock.toml", "rb") as file:
    packages = tomli.load(file)["packages"]
for package in packages:
    files = package.get("wheels", [])
    say("package", package["name"], package["version"], max([file.get("size", 0) for file in files], default=0))
    for digest in filter(None, (file.get("hashes", {}).get("sha256") for file in files)): say("hash", package["name"], digest)
for line in open(fetched + "/annotated"):
    locked, _, via = line.partition("# via ")
    for name in filter(None, (word.strip() for word in via.split(","))):
        if not name.startswith("-r "): say("needs", locked.split("==")[0].split("[")[0].strip(), name.split("[")[0])
PYTHON`;
