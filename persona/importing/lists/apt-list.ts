import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import { linesOf } from "../lines.ts";

/** A package of the distribution a line: apt.txt (Binder), packages.txt (Streamlit), Aptfile (Heroku). */
export function readAptList(desk: ImportDesk, file: ListFile): void {
  for (const { line, text } of linesOf(file.content)) {
    const words = text.split(/\s+/);
    const isNames =
      words.every((word) => /^[a-z0-9][^\s()|&<>$]{0,150}$/.test(word)) &&
      !/^(?:deb|deb-src|sudo|apt|apt-get|install|deinstall)$/.test(words[0] ?? "");
    const hasStates = words.some((word) => /^(?:install|deinstall|purge|hold)$/.test(word));
    if (isNames && !hasStates) for (const one of words) readPackage(desk, { file: file.name, line, text: one });
    else readPackage(desk, { file: file.name, line, text });
  }
}

/** "name", "name=version", and what only apt itself takes. */
export function readPackage(desk: ImportDesk, place: Place): void {
  const { text } = place;
  const ours = "only the package sources of this installation count; an operator adds one to the machine's apt";
  if (text.startsWith(":repo:") || text.startsWith("ppa:") || text.startsWith("deb "))
    return void desk.refuse(place, `a source of packages: ${ours}`);
  if (/:\/\//.test(text) || text.endsWith(".deb")) return void desk.refuse(place, `a file from elsewhere: ${ours}`);
  if (text.startsWith("-")) return void desk.refuse(place, "an option of apt, which this installation sets by itself");
  const [, name = "", architecture, suite] =
    /^([a-z0-9][a-z0-9+.-]{0,99}(?:=[^/\s]{1,100})?)(:[a-z0-9]{1,20})?(\/[a-z0-9-]{1,40})?$/.exec(text) ?? [];
  if (name === "") return void desk.refuse(place, "is no name of a package with a version");
  const left = [...(architecture === undefined ? [] : [`without ${architecture}`]), ...(suite === undefined ? [] : [`without ${suite}`])];
  desk.package(place, "apt", name, left.length === 0 ? undefined : left.join("; "));
}
