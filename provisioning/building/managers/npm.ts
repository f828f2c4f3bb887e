import { HEAR_NAMES } from "../box/asked-names.ts";
import { ASK_SOURCES } from "./ask-sources.ts";
import { DOWNLOAD } from "./download.ts";
import type { LayerManager, PhaseStep } from "./layer-manager.ts";
import { TELL_ASKED } from "./npm-asked.ts";

/** The one prefix of all npm packages of a persona, as `npm install -g` has it. A link in the root lets every script find them. */
const PREFIX = "/opt/guise/npm";

const NPM = `npm() { node /usr/lib/guise/node/lib/node_modules/npm/bin/npm-cli.js --cache $F/npm --no-audit --no-fund --no-update-notifier "$@"; }
export npm_config_nodedir=/usr/lib/guise/node
# By itself it waits 10 s, then 60 s, for whatever went wrong.
export npm_config_fetch_retries=3 npm_config_fetch_retry_mintimeout=1000 npm_config_fetch_retry_maxtimeout=10000
cd /tmp`;

const FETCH = `${NPM}
mkdir -p $target
npm install --global --prefix $target --ignore-scripts --loglevel=http -- "\${packages[@]}" 2>&1`;

const LINK = `ln -sfn $target/lib/node_modules /node_modules
for program in $target/bin/*; do
  [[ -e /usr/local/bin/\${program##*/} ]] || ln -s "$program" "/usr/local/bin/\${program##*/}"
done`;

// Only what came with this layer and has something to run: what lies below was built there. A script that is looked for from anywhere
// finds the packages in /node_modules, required or imported.
const INSTALL = `${NPM}
mapfile -t scripted < <(node - "$target/lib/node_modules" "\${names[@]}" <<'NODE'
const { existsSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const [root, ...names] = process.argv.slice(2);
const entries = (folder) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name) : []);
const packagesIn = (folder) => entries(folder).flatMap((name) => name.startsWith("@") ? entries(folder + "/" + name).map((part) => folder + "/" + name + "/" + part) : [folder + "/" + name]);
const found = new Map();
const walk = (at) => {
  try {
    const { name, version, scripts = {} } = JSON.parse(readFileSync(at + "/package.json", "utf8"));
    if (["preinstall", "install", "postinstall"].some((it) => it in scripts) || existsSync(at + "/binding.gyp")) found.set(at, { name, version });
  } catch {}
  for (const nested of packagesIn(at + "/node_modules")) walk(nested);
};
for (const name of names) walk(root + "/" + name);
for (const one of new Set([...found.values()].map(({ name, version }) => name + "@" + version))) console.log(one);
writeFileSync(process.env.B + "/scripted", [...found].map(([at, { name }]) => name + "\\t" + at + "\\n").join(""));
NODE
)
# Debian's browser is taken in place of one that is downloaded (\`provisioning/inside/main/environment\`).
if [[ -x /usr/bin/chromium ]]; then
  export PUPPETEER_SKIP_DOWNLOAD=true PUPPETEER_SKIP_CHROMIUM_DOWNLOAD=true CHROMEDRIVER_SKIP_DOWNLOAD=true PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
fi
if ((\${#scripted[@]} > 0)); then
  ${HEAR_NAMES}
  npm rebuild --global --prefix $target --offline --foreground-scripts -- "\${scripted[@]}" 2>&1
  ${TELL_ASKED}
fi
${LINK}`;

// Reads package.json files only; nothing of the packages is loaded.
const LIST = `node - <<'NODE'
const { existsSync, readdirSync, readFileSync, realpathSync } = require("node:fs");
const base = "${PREFIX}/lib/node_modules";
const entries = (folder) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name) : []);
const read = (folder) => { try { return JSON.parse(readFileSync(folder + "/package.json", "utf8")); } catch { return {}; } };
const packagesIn = (folder) => entries(folder).flatMap((name) => name.startsWith("@") ? entries(folder + "/" + name).map((part) => folder + "/" + name + "/" + part) : [folder + "/" + name]);
const seen = new Set();
const walk = (folder) => { for (const at of packagesIn(folder)) {
  const { name, version } = read(at);
  if (typeof name === "string" && typeof version === "string" && !seen.has(name + "@" + version)) { seen.add(name + "@" + version); console.log(["installed", name, version].join("\\t")); }
  walk(at + "/node_modules");
} };
walk(base);
for (const line of readFileSync(process.env.B + "/named", "utf8").split("\\n").filter(Boolean)) {
  const [argument, name] = line.split("\\t");
  const { bin } = read(base + "/" + name);
  const names = typeof bin === "string" ? [name.replace(/^@[^/]*[/]/, "")] : Object.keys(bin ?? {});
  for (const program of names.map((it) => "/usr/local/bin/" + it)) {
    try { if (realpathSync(program).startsWith(base + "/")) console.log(["program", argument, program].join("\\t")); } catch {}
  }
}
NODE`;

const CHECK = `mkdir -p $F
asked | in_sources npm | while IFS=$'\\t' read -r argument name; do
  printf '%s\\t%s\\n' "$argument" "$npm_config_registry/\${name/\\//%2f}"
done | missing_of
also_missing`;

function readStep(line: string): PhaseStep | undefined {
  const address = /^npm http fetch GET 200 (\S+)/.exec(line)?.[1];
  if (address !== undefined) return { message: `Fetching ${fetchedPackage(address)}`, percent: undefined };
  if (/^added \d+ packages?/.test(line)) return { message: "Unpacked", percent: 100 };
  return undefined;
}

/** ".../@scope%2fname", ".../@scope/name/-/name-1.0.0.tgz": the package that an address of a registry is about. */
function fetchedPackage(address: string): string {
  const [path = ""] = address.split("/-/");
  const [scope = "", name = ""] = path.split("/").slice(-2);
  return scope.startsWith("@") ? `${scope}/${name}` : name.replace(/%2f/i, "/");
}

/** A name and a version, range or tag: npm takes anything with ":" or "/", a leading dot or an archive's ending for an address or a file. */
function packageName(argument: string): string | undefined {
  const pattern = /^((?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*)(?:@[A-Za-z0-9^~<>=*][A-Za-z0-9.^~<>=*+|-]*)?$/;
  return /\.(?:tgz|tar\.gz|tar)$/i.test(argument) ? undefined : pattern.exec(argument)?.[1];
}

export const npm: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  fetched: ["$target"],
  link: LINK,
  list: LIST,
  check: `${DOWNLOAD}
${ASK_SOURCES}
${CHECK}`,
  folder: () => PREFIX,
  readStep,
  packageName,
};
