import { plainLines, plainText } from "@guise/contract";
import type { CommandContext, CommandOutput } from "./context.ts";
import { plainJson } from "./plain-json.ts";

const TONES = { good: 32, bad: 31, waiting: 33, quiet: 2 } as const;
export type Tone = keyof typeof TONES;

/** The one way to the person's screen: it strips what strangers' strings could do to a terminal, and colors status alone. */
export class Output {
  readonly #context: CommandContext;
  /** Lines of the table that the next one replaces. */
  #drawn = 0;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** One line, whatever stands in it: a name with a line break could else forge the next. */
  line(text = ""): void {
    this.#context.stdout.write(`${oneLine(text)}\n`);
  }

  /** Text that has several lines by itself, such as a log. */
  lines(text: string): void {
    this.#context.stdout.write(`${plainLines(text, Number.POSITIVE_INFINITY)}\n`);
  }

  /** One record for a program that reads it: cells with a tab between them. */
  record(cells: readonly string[]): void {
    this.#context.stdout.write(`${cells.map(oneLine).join("\t")}\n`);
  }

  /** To standard error: progress and remarks, so that standard output stays the result. */
  note(text: string): void {
    this.#context.stderr.write(`${oneLine(text)}\n`);
  }

  /** A note of several lines. */
  notes(lines: readonly string[]): void {
    for (const line of lines) this.note(line);
  }

  /** A note whose first word shows status. */
  status(tone: Tone, word: string, rest: string): void {
    const { stderr } = this.#context;
    stderr.write(`${this.#toned(stderr, tone, oneLine(word))} ${oneLine(rest)}\n`);
  }

  /** One line that the next replaces; nothing where there is no terminal. */
  moving(text: string): void {
    const { stderr } = this.#context;
    if (stderr.isTTY !== true) return;
    const width = Math.max(20, (stderr.columns ?? 80) - 1);
    stderr.write(`\r\u001b[2K${oneLine(text).slice(0, width)}`);
  }

  /** Takes the moving line away. */
  still(): void {
    if (this.#context.stderr.isTTY === true) this.#context.stderr.write("\r\u001b[2K");
  }

  json(value: unknown): void {
    this.#context.stdout.write(`${plainJson(value, 2)}\n`);
  }

  jsonLine(value: unknown): void {
    this.#context.stdout.write(`${plainJson(value)}\n`);
  }

  /** Columns aligned; `tones` colors the cells of one column. */
  table(header: readonly string[], rows: readonly (readonly string[])[], tones?: { column: number; of: (cell: string) => Tone }): void {
    const cells = [header, ...rows].map((row) => row.map(oneLine));
    const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    for (const [index, row] of cells.entries()) {
      const line = row.map((cell, column) => this.#cell(cell, column === row.length - 1 ? 0 : (widths[column] ?? 0), column, index, tones));
      this.#context.stdout.write(`${line.join("  ").trimEnd()}\n`);
    }
  }

  /** A table in the place of the one before; only on a terminal. Lines that are too long are cut. */
  redraw(header: readonly string[], rows: readonly (readonly string[])[]): void {
    const { stdout } = this.#context;
    const cells = [header, ...rows].map((row) => row.map(oneLine));
    const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    const width = Math.max(20, stdout.columns ?? 80);
    const lines = cells.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()
        .slice(0, width),
    );
    stdout.write(`${this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\u001b[J`}${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #cell(
    text: string,
    width: number,
    column: number,
    row: number,
    tones: { column: number; of: (cell: string) => Tone } | undefined,
  ): string {
    const padded = text.padEnd(width);
    if (row === 0) return this.#toned(this.#context.stdout, "quiet", padded);
    return tones?.column === column ? this.#toned(this.#context.stdout, tones.of(text), padded) : padded;
  }

  #toned(stream: CommandOutput, tone: Tone, text: string): string {
    return this.#context.color && stream.isTTY === true ? `\u001b[${TONES[tone]}m${text}\u001b[0m` : text;
  }
}

function oneLine(text: string): string {
  return plainText(text, Number.POSITIVE_INFINITY);
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  ready: "good",
  usable: "good",
  failed: "bad",
  build_failed: "bad",
  released: "quiet",
  retired: "quiet",
};

/** The tone of a state of a workspace or version. */
export function toneOf(state: string): Tone {
  return STATE_TONES[state] ?? "waiting";
}
