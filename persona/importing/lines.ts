/** A line without its comment, which begins with # at the line's beginning or after a blank. */
export function uncommented(line: string): string {
  const comment = /(?:^|[ \t])#/.exec(line);
  return (comment === null ? line : line.slice(0, comment.index)).trim();
}

/** The lines of a list that say something, with their numbers from 1. */
export function linesOf(content: string): { readonly line: number; readonly text: string }[] {
  const lines = content.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  return lines.map((raw, index) => ({ line: index + 1, text: uncommented(raw) })).filter(({ text }) => text !== "");
}
