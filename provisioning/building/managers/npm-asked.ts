/**
 * Who asked for something from elsewhere while install scripts ran, of the packages of `$B/scripted` (a line: its name and folder, tab-separated):
 * lines `asked PACKAGE NAME`, each once. Not of a package whose one script takes its native part ready-made or else makes it
 * ("prebuild-install || node-gyp rebuild"), and made it: it lacks nothing.
 */
export const TELL_ASKED = `node - <<'NODE'
const { readdirSync, readFileSync, statSync } = require("node:fs");
const B = process.env.B;
const lines = (file) => readFileSync(B + "/" + file, "utf8").split("\\n").filter(Boolean);
const begun = statSync(B + "/hear-names").mtimeMs;
const isMadeHere = (folder) => {
  try {
    const { preinstall, install = "", postinstall } = JSON.parse(readFileSync(folder + "/package.json", "utf8")).scripts ?? {};
    if (preinstall !== undefined || postinstall !== undefined || !/[|][|]|--fallback-to-build/.test(install)) return false;
    const made = readdirSync(folder + "/build", { recursive: true }).filter((path) => path.endsWith(".node"));
    return made.some((path) => statSync(folder + "/build/" + path).mtimeMs >= begun);
  } catch { return false; }
};
const packages = lines("scripted").map((line) => line.split("\\t"));
const isMade = (name) => { const folders = packages.filter((one) => one[0] === name); return folders.length > 0 && folders.every((one) => isMadeHere(one[1])); };
for (const line of new Set(lines("asked").sort())) if (!isMade(line.split("\\t")[0])) console.log("asked\\t" + line);
NODE`;
