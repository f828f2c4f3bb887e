import type { BuiltImage, ImageLayer } from "#provisioning";

/** Seconds for one import or program: the first start of a large one compiles and reads much, on a machine that builds beside. */
const LONGEST = 120;
/** Of a package that brings hundreds of programs, as many as tell whether it works. */
const MOST_PROGRAMS = 8;

/**
 * What a person would try first in a workspace of the image: to import each Python package that is named, each npm package as a script has it,
 * and to start each program. Says `works WHAT` or `fails WHAT WHY`, tab-separated. A program works when it starts and finds its parts: many
 * know no `--version`.
 */
export function trialScript(layers: readonly ImageLayer[], { launchables }: Pick<BuiltImage, "launchables">): string {
  const named = (manager: ImageLayer["manager"]) => layers.filter((layer) => layer.manager === manager).flatMap(({ packages }) => packages);
  const python = named("pip").map((argument) => argument.replace(/[[=<>!~].*$/, ""));
  const npm = named("npm").map((argument) => argument.replace(/(?<=.)@.*$/, ""));
  const programs = [...Map.groupBy(launchables, ({ broughtBy }) => broughtBy).values()].flatMap((found) => found.slice(0, MOST_PROGRAMS));
  const started = programs.map(({ command, name }) => `start ${quoted(name)} ${quoted(command[0] ?? "")}`);
  return `cd /tmp
${python.length === 0 ? "" : `timeout ${LONGEST * 3} python3 -W ignore - ${python.map(quoted).join(" ")} <<'PYTHON'\n${IMPORT_PYTHON}\nPYTHON\n`}
${npm.map((name) => `timeout ${LONGEST} node - ${quoted(name)} <<'NODE' || printf 'fails\\tnpm:%s\\tits trial did not end well\\n' ${quoted(name)}\n${IMPORT_NPM}\nNODE`).join("\n")}
${START}
${started.join("\n")}
`;
}

const IMPORT_PYTHON = `import importlib, importlib.metadata, os, re, sys
def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()
brought = {}
for module, packages in importlib.metadata.packages_distributions().items():
    for package in packages:
        brought.setdefault(plain(package), []).append(module)
out, sys.stdout = sys.stdout, sys.stderr
for name in sys.argv[1:]:
    modules = sorted(it for it in brought.get(plain(name), []) if it.isidentifier() and not re.match(r"_|tests?$|docs$|examples$", it))
    modules = [it for it in modules if plain(it) == plain(name)] or modules
    why = "" if modules else "it brings no module"
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:
            why = f"{module}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    print("fails" if why else "works", "pip:" + name, why, sep="\\t", file=out, flush=True)
out.flush()
os._exit(0)`;

/** Types and programs have nothing to import; a program of a package is tried as such. */
const IMPORT_NPM = `const { existsSync, readFileSync } = require("node:fs");
const name = process.argv[2];
const folder = "/node_modules/" + name;
const { main, exports, module: esm, bin, types } = JSON.parse(readFileSync(folder + "/package.json", "utf8"));
const isLibrary = name.startsWith("@types/") ? false : Boolean(main || exports || esm) || existsSync(folder + "/index.js");
const tell = (why) => { console.log([why ? "fails" : "works", "npm:" + name, why].join("\\t")); process.exit(0); };
if (!isLibrary) tell(bin || types || name.startsWith("@types/") ? "" : "it brings nothing");
(async () => {
  try {
    // Some are for one of the two only, and say so in words of their own.
    try { require(name); } catch { await import(name); }
    tell("");
  } catch (error) { tell(String(error).split("\\n")[0]); }
})();`;

const START = `start() {
  said=$(timeout --kill-after=5 20 "$2" --version 2>&1 </dev/null) && status=0 || status=$?
  if ((status == 126 || status == 127)) || grep -qE 'error while loading shared|ModuleNotFoundError|ImportError|Cannot find module|command not found' <<< "$said"; then
    printf 'fails\\t%s\\t%s: %s\\n' "$1" "$status" "$(tail -n 1 <<< "$said" | cut -c 1-200)"
  else printf 'works\\t%s\\n' "$1"; fi
}`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
