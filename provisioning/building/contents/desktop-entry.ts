/** The fields of a `.desktop` file's own group that say how a program is launched. */
export interface DesktopEntry {
  readonly title: string;
  readonly terminal: boolean;
  readonly command: readonly string[];
}

/** Reads `Key=Value` lines; undefined for what is hidden, is no application, or names no command. */
export function readDesktopEntry(lines: readonly string[]): DesktopEntry | undefined {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf("=");
    if (at > 0 && !fields.has(line.slice(0, at))) fields.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  // What is for one desktop environment's own menu says nothing outside it.
  const hidden = fields.get("NoDisplay") === "true" || fields.get("Hidden") === "true" || (fields.get("OnlyShowIn") ?? "") !== "";
  const command = desktopCommand(fields.get("Exec") ?? "");
  if (hidden || (fields.get("Type") ?? "Application") !== "Application" || command.length === 0) return undefined;
  return { title: fields.get("Name") ?? command[0] ?? "", terminal: fields.get("Terminal") === "true", command };
}

/** An Exec line as arguments: quotes and escapes as the desktop entry specification has them, field codes (%f, %U, …) left out. */
export function desktopCommand(exec: string): string[] {
  const words = exec.match(/"(?:[^"\\]|\\.)*"?|[^\s"]+/g) ?? [];
  return words
    .map((word) =>
      word.startsWith('"')
        ? word
            .slice(1)
            .replace(/"$/, "")
            .replace(/\\(["`$\\])/g, "$1")
        : word,
    )
    .map((word) => (word === "%%" ? "%" : word))
    .filter((word) => !/^%[a-zA-Z]$/.test(word));
}
