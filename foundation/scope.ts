/** Things to be ended at shutdown, last opened first; each gets its turn even when another fails. */
export class Scope implements AsyncDisposable {
  readonly #ends: { name: string; end: () => void | Promise<void> }[] = [];
  #ending: Promise<Error[]> | undefined;

  onEnd(name: string, end: () => void | Promise<void>): void {
    this.#ends.push({ name, end });
  }

  /** Ends all; gives the errors that happened on the way. Safe to call twice. */
  end(): Promise<Error[]> {
    this.#ending ??= this.#run();
    return this.#ending;
  }

  async #run(): Promise<Error[]> {
    const errors: Error[] = [];
    for (const { name, end } of this.#ends.reverse()) {
      try {
        await end();
      } catch (error) {
        errors.push(new Error(`ending ${name} failed`, { cause: error }));
      }
    }
    return errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
