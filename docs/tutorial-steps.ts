/** One thing that a tutorial has its reader do. */
export type Step =
  /** Start this, and leave it running. */
  | { readonly kind: "start"; readonly line: number; readonly command: string }
  | { readonly kind: "file"; readonly line: number; readonly name: string; readonly content: string }
  | { readonly kind: "command"; readonly line: number; readonly command: string; readonly output: string; readonly fails: boolean };

const FENCE = /^```(\w+)?(?: (.+))?$/;

/**
 * The steps of a page, from its code blocks: `sh start` is left running; a language and a file's name is saved under it; in `console`
 * blocks lines with `$ ` are typed and the others are what comes; in `console fails` the last command ends with an error. Pure.
 */
export function stepsOf(page: string): readonly Step[] {
  const lines = page.split("\n");
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, language, rest] = FENCE.exec(lines[at] ?? "") ?? [];
    if (!lines[at]?.startsWith("```")) continue;
    const end = lines.indexOf("```", at + 1);
    if (end === -1) throw new Error(`the block of line ${at + 1} has no end`);
    const body = lines.slice(at + 1, end);
    if (language === "sh" && rest === "start") steps.push({ kind: "start", line: at + 2, command: body.join("\n") });
    else if (language === "console") steps.push(...commandsOf(body, at + 2, rest === "fails"));
    else if (rest !== undefined) steps.push({ kind: "file", line: at + 2, name: rest, content: `${body.join("\n")}\n` });
    at = end;
  }
  return steps;
}

function commandsOf(body: readonly string[], first: number, fails: boolean): Step[] {
  const starts = body.flatMap((line, at) => (line.startsWith("$ ") ? [at] : []));
  return starts.map((at, index) => {
    const next = starts[index + 1] ?? body.length;
    const output = body.slice(at + 1, next).join("\n");
    return { kind: "command", line: first + at, command: (body[at] ?? "").slice(2), output, fails: fails && index === starts.length - 1 };
  });
}

/** Whether what came is what the page says: `…` alone on a line stands for any lines, within one for any characters. Pure. */
export function says(expected: string, came: string): boolean {
  const pattern = expected
    .split("\n")
    .filter((line, at, all) => line !== "" || at < all.length - 1)
    .map((line) => (line === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(escaped).join(".*")} *\\n`))
    .join("");
  const text = came === "" || came.endsWith("\n") ? came : `${came}\n`;
  return new RegExp(`^${pattern}$`).test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
