/** One line of a text, with its end apart. */
export interface Line {
  readonly from: number;
  /** Behind its line end. */
  readonly to: number;
  /** Without line end. */
  readonly text: string;
}

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end === -1 ? text.length : end + 1;
    const last = end === -1 ? to : end > from && text[end - 1] === "\r" ? end - 1 : end;
    lines.push({ from, to, text: text.slice(from, last) });
    from = to;
  }
  return lines;
}
