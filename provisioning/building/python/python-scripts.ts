import type { PhaseStep } from "../managers/layer-manager.ts";

/**
 * A main container's root is read-only: without bytecode in the image every start would compile everything again. Packages' own tests, a third of
 * all, are not started. What has bytecode in the layers below is not looked at again: for five thousand files that takes Python's own tool four
 * seconds, and one of its processes for each of many files half as long again as one for many.
 */
export const COMPILE = `echo "Compiling"
python3 -I -S - <<'PYTHON' | xargs -0 -r -P 2 -n 200 python3 -I -S -m compileall -q || :
import glob, os, sys
for site in glob.glob(os.environ["target"] + "/lib/python3*/site-packages"):
    for folder, folders, files in os.walk(site):
        compiled = {name.split(".")[0] for name in os.listdir(folder + "/__pycache__")} if "__pycache__" in folders else ()
        folders[:] = [name for name in folders if name not in ("__pycache__", "test", "tests")]
        for name in files:
            if name.endswith(".py") and name[:-3] not in compiled:
                sys.stdout.buffer.write(os.fsencode(folder + "/" + name) + b"\\0")
PYTHON`;

/**
 * System Python without its site folders reads the metadata files of the environments that `pattern` names; nothing of the packages is
 * imported. A program counts where it leads into the package's own environment.
 */
export function listPython(pattern: string, programs: 'folder + "/bin"' | '"/usr/local/bin"'): string {
  return `python3 -I -S - <<'PYTHON'
import glob, importlib.metadata, os, re
def site(folder):
    return glob.glob(f"{folder}/lib/python3*/site-packages")
def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()
for found in importlib.metadata.distributions(path=site("${pattern}")):
    print("installed", found.metadata["Name"], found.version, sep="\\t")
told = set()
def tell(argument, folder, name):
    program = ${programs} + "/" + name
    if (argument, name) not in told and os.access(program, os.X_OK) and os.path.realpath(program).startswith(folder + "/"):
        told.add((argument, name))
        print("program", argument, program, sep="\\t")
for line in open(os.environ["B"] + "/named"):
    argument, name, folder = line.rstrip("\\n").split("\\t")
    for found in importlib.metadata.distributions(path=site(glob.escape(folder))):
        if plain(found.metadata["Name"] or "") != plain(name):
            continue
        for entry in found.entry_points:
            if entry.group != "console_scripts":
                continue
            tell(argument, folder, entry.name)
        # Programs that are no entry points: compiled ones, and scripts as they are.
        for file in found.files or []:
            if re.search(r"[.][.]/bin/[^/]+$", str(file)):
                tell(argument, folder, os.path.basename(str(file)))
PYTHON`;
}

export const CHECK_PYTHON = `mkdir -p $F
asked | in_sources pip | while IFS=$'\\t' read -r argument name; do
  printf '%s\\t%s\\n' "$argument" "\${PIP_INDEX_URL%/}/$(sed -E 's/[-_.]+/-/g' <<< "\${name,,}")/"
done | missing_of`;

export function readPythonStep(line: string): PhaseStep | undefined {
  if (/^Fetching uv$/.test(line)) return { message: "Fetching the installer", percent: 10 };
  const resolved = /^Resolved (\d+) packages?/.exec(line);
  if (resolved !== null) return { message: `Fetching ${resolved[1]} packages`, percent: 35 };
  if (/^Prepared \d+/.test(line)) return { message: "Unpacking", percent: 80 };
  if (/^Installed \d+/.test(line)) return { message: "Unpacked", percent: 100 };
  if (/^Compiling$/.test(line)) return { message: "Compiling", percent: 20 };
  return undefined;
}

/** A name, extras and version conditions: no URL, no path, no option, no environment marker. */
export function pythonPackageName(argument: string): string | undefined {
  const condition = `(?:===?|>=|<=|~=|!=|<|>)[A-Za-z0-9][A-Za-z0-9.*+!_-]*`;
  const pattern = new RegExp(
    String.raw`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[A-Za-z0-9][A-Za-z0-9._,-]*\])?(?:${condition}(?:,${condition})*)?$`,
  );
  const name = pattern.exec(argument)?.[1];
  // uv takes a bare name that ends so for a file
  return name === undefined || /\.(?:whl|zip|tar|gz|tgz|bz2|txt|toml)$/i.test(name) ? undefined : name;
}
