import { StringDecoder } from "node:string_decoder";

const LONGEST_LINE = 4000;

/** Cuts bytes of a stranger's output into lines: no longer than 4,000 characters each, a carriage return begins the line anew. */
export class OutputLines {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) this.#emit(line);
  }

  end(): void {
    this.#emit(this.#rest + this.#decoder.end());
    this.#rest = "";
  }

  #emit(line: string): void {
    const last = line.split("\r").findLast((part) => part !== "") ?? "";
    if (last !== "") this.#onLine(last.slice(0, LONGEST_LINE));
  }
}
