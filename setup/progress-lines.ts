/** Long work shows progress: one line a step that moves on a terminal, plain lines when piped. What is finished stays. */
export class ProgressLines {
  readonly #out: NodeJS.WriteStream;
  #open = "";
  #lastPlain = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** The running step moves. Piped: at most a line every 10 s. */
  running(text: string, percent?: number): void {
    const line = percent === undefined ? text : `${text} ${percent} %`;
    if (this.#out.isTTY) {
      this.#out.write(`\r\x1b[2K  ${line.slice(0, (this.#out.columns ?? 100) - 4)}`);
      this.#open = line;
    } else if (Date.now() - this.#lastPlain > 10_000) {
      this.#lastPlain = Date.now();
      this.#out.write(`  ${line}\n`);
    }
  }

  /** A finished step, or a line of its own. */
  done(text: string): void {
    if (this.#open !== "") this.#out.write("\r\x1b[2K");
    this.#open = "";
    this.#out.write(`${text}\n`);
  }
}
