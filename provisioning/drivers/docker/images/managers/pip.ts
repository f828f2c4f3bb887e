import type { LayerManager, PhaseStep } from "./layer-manager.ts";

// Wheels only: nothing of a package runs before or while it is unpacked. uv itself comes into a tool environment among
// the fetched files, and never into the image. It unpacks into a throwaway folder, which fills its cache: a tenth of the
// time of `pip download`.
const UV = `uv() { $F/tool/bin/uv --no-config --no-progress --cache-dir $F/uv "$@"; }
target=/opt/guise/$application`;

const FETCH = `${UV}
mkdir -p $F
python3 -m venv $F/tool
echo "Fetching uv"
$F/tool/bin/pip install -q --no-input --only-binary=:all: --no-cache-dir --progress-bar=off "uv>=0.5,<1"
uv pip install --no-build --default-index "$PIP_INDEX_URL" --python /usr/bin/python3 --target $F/unpacked --link-mode hardlink -- "\${packages[@]}" 2>&1`;

const INSTALL = `${UV}
python3 -m venv --without-pip $target
uv pip install --offline --no-build --default-index "$PIP_INDEX_URL" --python $target/bin/python --link-mode copy --compile-bytecode -- "\${packages[@]}" 2>&1
for program in $target/bin/*; do
  name=\${program##*/}
  case $name in python* | pip* | activate* | Activate* | deactivate*) ;; *) [[ -e /usr/local/bin/$name ]] || ln -s "$program" "/usr/local/bin/$name" ;; esac
done`;

// System Python without its site folders reads the metadata files; nothing of the packages is imported.
const LIST = `python3 -I -S - <<'PYTHON'
import glob, importlib.metadata, os, re, sys
base = "/opt/guise"
def site(application):
    return glob.glob(f"{base}/{application}/lib/python3*/site-packages")
def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()
for found in importlib.metadata.distributions(path=site("*")):
    print("installed", found.metadata["Name"], found.version, sep="\\t")
for line in open(os.environ["B"] + "/named"):
    argument, name, application = line.rstrip("\\n").split("\\t")
    for found in importlib.metadata.distributions(path=site(glob.escape(application))):
        if plain(found.metadata["Name"] or "") != plain(name):
            continue
        for entry in found.entry_points:
            if entry.group != "console_scripts":
                continue
            program = "/usr/local/bin/" + entry.name
            if os.path.realpath(program).startswith(f"{base}/{application}/"):
                print("program", argument, program, sep="\\t")
PYTHON`;

function readStep(line: string): PhaseStep | undefined {
  if (/^Fetching uv$/.test(line)) return { message: "Fetching the installer", percent: 10 };
  const resolved = /^Resolved (\d+) packages?/.exec(line);
  if (resolved !== null) return { message: `Fetching ${resolved[1]} packages`, percent: 35 };
  if (/^Prepared \d+/.test(line)) return { message: "Unpacking", percent: 60 };
  if (/^Installed \d+/.test(line)) return { message: "Compiling", percent: 80 };
  return undefined;
}

/** A name, extras and version conditions: no URL, no path, no option, no environment marker. */
function packageName(argument: string): string | undefined {
  const condition = `(?:===?|>=|<=|~=|!=|<|>)[A-Za-z0-9][A-Za-z0-9.*+!_-]*`;
  const pattern = new RegExp(
    String.raw`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[A-Za-z0-9][A-Za-z0-9._,-]*\])?(?:${condition}(?:,${condition})*)?$`,
  );
  const name = pattern.exec(argument)?.[1];
  // uv takes a bare name that ends so for a file
  return name === undefined || /\.(?:whl|zip|tar|gz|tgz|bz2|txt|toml)$/i.test(name) ? undefined : name;
}

export const pip: LayerManager = { fetch: FETCH, install: INSTALL, list: LIST, readStep, packageName };
