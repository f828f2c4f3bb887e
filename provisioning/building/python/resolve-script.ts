import { FETCH_UV } from "./uv.ts";

/**
 * What has a bound comes first, for of what comes first the resolver takes the newest: else it takes the newest numpy, and for that the last pandas
 * that says nothing of numpy 2, with which it does not work.
 */
export const BOUNDED_FIRST = `printf '%s\\n' "\${packages[@]}" | awk '/[<>=~!]/ { print; next } { rest = rest $0 "\\n" } END { printf "%s", rest }'`;

/**
 * Resolves the array `packages` together, with the mirrors open. Only the resolver's own code runs: packages of which there is no wheel count
 * only where `$B/sources` names them, and what those need is taken from `$B/uv.toml`, never from their code. Versions in `$B/preferred`, a lock file,
 * are taken where they fit. It says, tab-separated:
 * `package NAME VERSION BYTES`, then `hash NAME SHA256` and `needs NAME NEEDED_BY` for each, or `source NAME SHA256 URL`, and `wheel_too NAME`
 * where a wheel of that version would do; or `source_only NAME` for each that has no wheel, `fits NAME OLDEST NEWEST` for what wants another
 * Python or is there in other versions, `refused`, and then the resolver's words, on which `readUnresolved` stands.
 */
export const RESOLVE = `${FETCH_UV}
${BOUNDED_FIRST} > $F/wanted
: > $F/from-source
compile() { uv --config-file $B/uv.toml pip compile --quiet --no-header --python /usr/bin/python3 --default-index "$PIP_INDEX_URL" --only-binary :all: "$@"; }
sources=()
while read -r name; do sources+=(--no-binary "$name"); done < $B/sources
echo "Resolving"
rm -f $F/pylock.toml
[[ ! -s $B/preferred ]] || cp $B/preferred $F/pylock.toml
compile "\${sources[@]}" --format pylock.toml --output-file $F/pylock.toml $F/wanted >/dev/null 2>$F/refusal || {
  # 1: nothing fits; else it could not ask.
  if (($? == 1)); then
    sed -nE 's/.*Wheels are required for \`([A-Za-z0-9._-]+)\`.*/source_only\\t\\1/p' $F/refusal
    # Of what wants another Python, the versions that take this one; of what has no such version, those that begin so, or else all.
    { tr -s '[:space:]' ' ' < $F/refusal; echo; } | sed -nE -e 's/.*only found wheels for \`([A-Za-z0-9._-]+)\`.*/\\1/p' \\
      -e 's/.*does not satisfy Python[^ ]+ and (all versions of )?([A-Za-z0-9._-]+).* depends? on Python.*/\\2/p' \\
      -e 's/.*only the following versions of ([A-Za-z0-9._-]+)(\\[[^]]*\\])? are available:.* and you require.*/\\1/p' \\
      -e 's/.*there is no version of ([A-Za-z0-9._-]+)(\\[[^]]*\\])?==([^ +]+)(\\+[^ ]+)? and you require.*/\\1 \\1==\\3.*/p' > $F/other-versions
    version() { compile --no-deps "$@" $F/alone 2>/dev/null | sed -nE 's/^[A-Za-z0-9._-]+==([^ ;]+).*/\\1/p'; }
    while read -r name beginning; do
      for asked in \${beginning:+"$beginning"} "$name"; do
        echo "$asked" > $F/alone
        oldest=$(version --resolution lowest-direct) newest=$(version) || continue
        [[ -n $oldest && -n $newest ]] || continue
        printf 'fits\\t%s\\t%s\\t%s\\n' "$name" "$oldest" "$newest"
        break
      done
    done < $F/other-versions
    printf 'refused\\n'
    cat $F/refusal
    exit 0
  fi
  cat $F/refusal
  exit 1
}
# The same once more: all that it asks has just been answered, and asking again takes as long where a mirror says of no answer how long it lasts.
locked() { sed -nE -e 's/^name = "(.*)"$/\\1/p' -e 's/^version = "(.*)"$/==\\1/p' $F/pylock.toml | sed -E 'N; s/\\n//'; }
annotated() { locked > $F/annotated; compile "$@" "\${sources[@]}" --annotation-style=line --output-file $F/annotated $F/wanted >/dev/null; }
annotated --offline 2>/dev/null || annotated
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
    if not files:
        source = package.get("sdist", {})
        say("source", package["name"], source.get("hashes", {}).get("sha256", ""), source.get("url", ""))
        with open(fetched + "/from-source", "a") as list: print(package["name"], package["version"], file=list)
for line in open(fetched + "/annotated"):
    locked, _, via = line.partition("# via ")
    for name in filter(None, (word.strip() for word in via.split(","))):
        if not name.startswith("-r "): say("needs", locked.split("==")[0].split("[")[0].strip(), name.split("[")[0])
PYTHON
while read -r name version; do
  echo "$name==$version" > $F/alone
  if compile --no-deps $F/alone >/dev/null 2>&1; then printf 'wheel_too\\t%s\\n' "$name"; fi
done < $F/from-source`;
