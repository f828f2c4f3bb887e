import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { linesOf } from "../lines.ts";

/** A package of the distribution a line: apt.txt (Binder), packages.txt (Streamlit), Aptfile (Heroku), dpkg --get-selections. */
export function readAptList(desk: ImportDesk, file: ListFile): void {
  for (const { line, text } of linesOf(file.content)) {
    // A line of a script that goes on.
    const words = text.replace(/\s\\$/, "").split(/\s+/);
    const place = { file: file.name, line, text };
    const [first = "", state = "", more] = words;
    if (/^(?:sudo|apt|apt-get|aptitude)$/.test(first) && words.length > 1)
      desk.refuse(place, "a command: write the names of its packages alone");
    else if (more === undefined && /^(?:install|hold|deinstall|purge)$/.test(state)) readSelection(desk, place, first, state);
    else if (words.every((word) => /^[A-Za-z0-9][^\s()|&<>$]{0,150}$/.test(word)) && !/^deb(?:-src)?$/.test(first))
      for (const one of words) readPackage(desk, { ...place, text: one });
    else readPackage(desk, place);
  }
}

/** As dpkg lists what a machine has. */
function readSelection(desk: ImportDesk, place: Place, name: string, state: string): void {
  if (/^(?:deinstall|purge)$/.test(state)) desk.refuse(place, "nothing to do: its machine does not have it any more");
  else readPackage(desk, { ...place, text: name });
}

/** "curl", "curl=7.88.1-10", "curl:amd64/bookworm", of which the first is what a workspace itself takes. */
export function readPackage(desk: ImportDesk, place: Place): void {
  const { text } = place;
  const ours = "packages come by name from the installation's own sources; an operator adds one by guise admin packages source add";
  if (text.startsWith(":repo:") || text.startsWith("ppa:") || /^deb(?:-src)? /.test(text))
    return void desk.refuse(place, `a package source: ${ours}`);
  if (/:\/\//.test(text) || text.endsWith(".deb")) return void desk.refuse(place, `a file from elsewhere: ${ours}`);
  if (text.startsWith("-")) return void desk.refuse(place, "an option of apt: leave it out, the build sets its own");
  if (text.includes("|")) return void desk.refuse(place, "has alternatives: write one of them");
  if (text.includes("*") && !text.includes("=")) return void desk.refuse(place, "a pattern: write the name of each package");
  if (/^[a-z0-9][a-z0-9+.-]{0,99}-$/.test(text)) return void desk.refuse(place, "asks apt to remove it: leave it out");
  const [, written = "", version = "", architecture, suite] =
    /^([A-Za-z0-9][A-Za-z0-9+.-]{0,99})(=[^/\s]{1,100})?(:[a-z0-9]{1,20})?(\/[a-z0-9-]{1,40})?$/.exec(text) ?? [];
  if (written === "") return void desk.refuse(place, "no package with a version: write it as jq or jq=1.6-2.1");
  const name = written.toLowerCase();
  const changes = [
    ...(name === written ? [] : ["in small letters"]),
    ...(architecture === undefined ? [] : [`without ${architecture}`]),
    ...(suite === undefined ? [] : [`without ${suite}`]),
  ];
  desk.package(place, "apt", `${name}${version}`, changes.length === 0 ? undefined : changes.join("; "));
}
