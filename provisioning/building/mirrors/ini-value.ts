/** A key's value in one of `sections` of an INI-like file (pip.conf; .npmrc has no sections: give ""). Later lines win. */
export function iniValue(text: string, sections: readonly string[], key: string): string | undefined {
  let section = "";
  let value: string | undefined;
  for (const line of text.split("\n")) {
    const heading = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const [, name, written = ""] = /^([A-Za-z_-]+(?::[A-Za-z_-]+)*)\s*[=:](.*)/s.exec(line) ?? [];
    if (name === key && sections.includes(section) && written.trim() !== "") value = written.trim();
  }
  return value;
}
