/** Whether people are answered: not while Guise takes over what ran before, nor while it stops. */
export class Readiness {
  #ready = false;
  readonly #stopping = new AbortController();

  get ready(): boolean {
    return this.#ready;
  }

  /** Aborted when Guise stops. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  begin(): void {
    this.#ready = !this.#stopping.signal.aborted;
  }

  end(): void {
    this.#ready = false;
    this.#stopping.abort(new Error("Guise is stopping"));
  }
}
