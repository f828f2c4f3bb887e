/** Figures beside their bars. */
export class Figures {
  #held = true;

  /** Whether none was over its bar. */
  get held(): boolean {
    return this.#held;
  }

  ratio(name: string, value: number, bar: number): void {
    this.#tell(name, value.toFixed(2), value <= bar, String(bar));
  }

  milliseconds(name: string, value: number, bar: number): void {
    this.#tell(name, `${value.toFixed(0)} ms`, value <= bar, `${bar} ms`);
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  #tell(name: string, value: string, isHeld: boolean, bar: string): void {
    this.#held &&= isHeld;
    this.say(`${name.padEnd(34)} ${value.padStart(9)} (bar ${bar})${isHeld ? "" : ": over"}`);
  }
}
