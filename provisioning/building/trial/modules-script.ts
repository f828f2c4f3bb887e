/** Whose packages are imported. */
export type Language = "python" | "node";

/** Where the modules of all `npm:` packages are. */
export const NODE_MODULES = "/opt/guise/npm/lib/node_modules";
/** Folders of the modules of all `pip:` packages, as a shell finds them. */
export const PYTHON_SITES = "/opt/guise/python/lib/python3*/site-packages";

/** Modules with a native part for which the loader finds a library missing: `suspect LANGUAGE MODULE`. */
export const SUSPECTS_SCRIPT = `shopt -s nullglob
# ldd says whose libraries it lists only where there are several.
holed_of() {
  ldd /bin/true "$@" 2>/dev/null |
    awk '/^[^\\t].*:$/ { file = substr($0, 1, length($0) - 1) } /=> not found/ && file != told { print file; told = file }' || :
}
export -f holed_of
holed() { xargs -0 -r -n 64 -P 2 bash -c 'holed_of "$@"' _; }
for site in ${PYTHON_SITES}; do
  find "$site" -name '*.so' -path '*' \\( -name '*.cpython-*' -o -name '*.abi3.so' \\) -print0 | holed |
    sed "s#^$site/##" | cut -d / -f 1 | sed 's/[.].*//' | sort -u | sed 's/^/suspect\\tpython\\t/'
done
if [[ -d ${NODE_MODULES} ]]; then
  find ${NODE_MODULES} -name '*.node' -print0 | holed |
    sed "s#^${NODE_MODULES}/##" | awk -F/ '{ print (substr($1, 1, 1) == "@") ? $1 "/" $2 : $1 }' | sort -u | sed 's/^/suspect\\tnode\\t/'
fi`;

/**
 * What the packages of the file `$B/named` (a line: `LANGUAGE NAME`) are imported as, by their metadata: `module NUMBER MODULE`, the number
 * being the line's. Of a Python package the outermost modules and packages that it lists; of one of npm its own name, where it has an entry.
 */
export const MODULES_SCRIPT = `if grep -q ^python $B/named; then python3 -I -S - <<'PYTHON'
import glob, importlib.machinery, importlib.metadata, os, re
def plain(name):
    return re.sub(r"[-_.]+", "-", name or "").lower()
endings = sorted(importlib.machinery.all_suffixes(), key=len, reverse=True)
def module_of(path):
    return next((path[:-len(ending)] for ending in endings if path.endswith(ending)), None)
def modules(found):
    paths = [str(file) for file in found.files or []]
    packages = {path.rpartition("/")[0] for path in paths if re.search(r"/__init__[.](py|cpython-[^/]*so)$", path)}
    for path in paths:
        module = module_of(path)
        if module is None or path.startswith("../"):
            continue
        parts = module.split("/")
        folders = ["/".join(parts[:end]) for end in range(1, len(parts))]
        outermost = next((folder for folder in folders if folder in packages), module if len(parts) == 1 else None)
        if outermost is not None:
            yield outermost.replace("/", ".")
known = {}
for found in importlib.metadata.distributions(path=glob.glob("${PYTHON_SITES}")):
    known[plain(found.metadata["Name"])] = found
for number, line in enumerate(open(os.environ["B"] + "/named")):
    language, name = line.rstrip("\\n").split("\\t")
    found = known.get(plain(name)) if language == "python" else None
    for module in sorted(set(modules(found)))[:50] if found else []:
        if all(part.isidentifier() for part in module.split(".")):
            print("module", number, module, sep="\\t")
PYTHON
fi
if grep -q ^node $B/named; then node - <<'NODE'
const { existsSync, readFileSync } = require("node:fs");
const read = (folder) => { try { return JSON.parse(readFileSync(folder + "/package.json", "utf8")); } catch { return undefined; } };
const isEntry = (exported) => typeof exported === "string" || (exported !== null && typeof exported === "object" && ("." in exported || !Object.keys(exported).some((key) => key.startsWith("."))));
for (const [number, line] of readFileSync(process.env.B + "/named", "utf8").split("\\n").entries()) {
  const [language, name] = line.split("\\t");
  const folder = "${NODE_MODULES}/" + name;
  const manifest = language === "node" ? read(folder) : undefined;
  if (manifest === undefined) continue;
  const { main, exports: exported } = manifest;
  const entered = exported === undefined ? (typeof main === "string" ? main !== "" : existsSync(folder + "/index.js")) : isEntry(exported);
  if (entered) console.log(["module", number, name].join("\\t"));
}
NODE
fi`;

/** What imports one module, as a person's own program would. */
export function importCommand(language: Language, module: string): string[] {
  if (language === "python")
    return ["/opt/guise/python/bin/python", "-c", "import importlib, sys; importlib.import_module(sys.argv[1])", module];
  return ["node", "-e", REQUIRE_OR_IMPORT, module];
}

/** A module that cannot be required is imported; what neither can is thrown as the second one says it. */
const REQUIRE_OR_IMPORT =
  'const name = process.argv[1]; try { require(name); } catch (error) { if (!["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE", "ERR_PACKAGE_PATH_NOT_EXPORTED"].includes(error.code)) throw error; import(name); }';
