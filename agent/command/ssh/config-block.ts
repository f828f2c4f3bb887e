import { HOST_PREFIX } from "./client-options.ts";

const BEGIN = "# >>> guise: written by guise config-ssh, which writes it anew >>>";
const END = "# <<< guise <<<";

/** The lines for all workspaces: whichever there are, and whatever they are called. */
export function configBlock(options: readonly (readonly [string, string])[]): string {
  const lines = options.map(([name, value]) => `  ${name} ${value}`);
  return [BEGIN, `Host ${HOST_PREFIX}*`, ...lines, END, ""].join("\n");
}

/** The text with this block first, for of several values OpenSSH takes the first; all else stays as it is, byte for byte. */
export function withBlock(text: string, block: string): string {
  const rest = withoutBlock(text);
  return rest === "" || rest.startsWith("\n") ? `${block}${rest}` : `${block}\n${rest}`;
}

/** The text without any block of ours, and without the line between it and what follows. */
export function withoutBlock(text: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) return text;
  const after = text.slice(to + END.length).replace(/^\n\n?/, "");
  return withoutBlock(`${text.slice(0, from)}${after}`);
}
