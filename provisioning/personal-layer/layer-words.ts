/** How the program that writes a personal layer ended. */
export interface LayerEnd {
  readonly exit: number;
  /** Lines of its standard output and standard error. */
  readonly said: string;
}

/** Characters that are kept of what is said: a name of each file, at most. */
const MOST = 2 ** 16;
const LAST = /^personal-layer (\d{1,3})\n/m;

/** What is said of a layer that came with the keys: on standard error, among what the server may complain of. The line "personal-layer EXIT" is the last of it. */
export class LayerWords {
  readonly end: Promise<LayerEnd>;
  #resolve: (end: LayerEnd) => void;
  #said = "";

  constructor() {
    const { promise, resolve } = Promise.withResolvers<LayerEnd>();
    this.end = promise;
    this.#resolve = resolve;
  }

  push(text: string): void {
    if (this.#said.length > MOST) return;
    // From the line that is not complete yet: one that says single characters has none of them looked at again.
    const line = this.#said.lastIndexOf("\n") + 1;
    this.#said += text;
    if (!text.includes("\n")) return;
    const last = LAST.exec(this.#said.slice(line));
    if (last !== null) this.#resolve({ exit: Number(last[1]), said: this.#said.slice(0, line + last.index) });
  }
}
