import { DOWNLOAD } from "./download.ts";
import type { LayerManager, PhaseStep } from "./layer-manager.ts";

// Wheels only, and to unpack a wheel runs nothing of it: uv does that while it fetches (a quarter of the time of `pip
// download` and a later installation), with hard links into its cache, which goes with the other fetched files. uv itself
// is brought by the pip wheel that python3-venv comes with, and never enters the image.
const FETCH = `target=/opt/guise/$application
echo "Fetching uv"
PYTHONPATH=$(echo /usr/share/python-wheels/pip-*.whl) python3 -m pip install -q --no-input --only-binary=:all: --no-deps --no-cache-dir --no-compile \\
  --progress-bar=off --root-user-action=ignore --target $F/tool "uv>=0.5,<1"
python3 -m venv --without-pip $target
$F/tool/bin/uv --no-config --no-progress --cache-dir $F/uv pip install --no-build --default-index "$PIP_INDEX_URL" \\
  --python $target/bin/python --link-mode hardlink -- "\${packages[@]}" 2>&1`;

// A main container's root is read-only: without bytecode in the image every start would compile everything again.
const INSTALL = `target=/opt/guise/$application
echo "Compiling"
python3 -I -S -m compileall -q -j 2 $target/lib/python3*/site-packages || :
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

const CHECK = `mkdir -p $F
for argument in "\${packages[@]}"; do
  name=$(sed -E 's/^([A-Za-z0-9._-]+).*/\\1/; s/[-_.]+/-/g' <<< "$argument" | tr A-Z a-z)
  download "\${PIP_INDEX_URL%/}/$name/" || printf 'missing\\t%s\\n' "$argument"
done`;

function readStep(line: string): PhaseStep | undefined {
  if (/^Fetching uv$/.test(line)) return { message: "Fetching the installer", percent: 10 };
  const resolved = /^Resolved (\d+) packages?/.exec(line);
  if (resolved !== null) return { message: `Fetching ${resolved[1]} packages`, percent: 35 };
  if (/^Prepared \d+/.test(line)) return { message: "Unpacking", percent: 80 };
  if (/^Installed \d+/.test(line)) return { message: "Unpacked", percent: 100 };
  if (/^Compiling$/.test(line)) return { message: "Compiling", percent: 20 };
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

export const pip: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  list: LIST,
  check: `${DOWNLOAD}
${CHECK}`,
  readStep,
  packageName,
};
