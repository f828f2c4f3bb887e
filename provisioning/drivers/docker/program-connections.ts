import type { Duplex } from "node:stream";

/**
 * The open connections to the programs of each container. Whoever removes a container cuts them first: the engine waits with a
 * removal until all that was printed is taken, and what nobody reads is hardly taken (see `engineStream`). Measured: 27 s after a flood.
 */
export class ProgramConnections {
  readonly #byContainer = new Map<string, Set<Duplex>>();

  /** Kept until it closes. `container` is the name or the id that `cut` is called with. */
  add(container: string, connection: Duplex): Duplex {
    const open = this.#byContainer.get(container) ?? new Set();
    this.#byContainer.set(container, open.add(connection));
    connection.once("close", () => {
      open.delete(connection);
      if (open.size === 0 && this.#byContainer.get(container) === open) this.#byContainer.delete(container);
    });
    return connection;
  }

  cut(container: string): void {
    for (const connection of this.#byContainer.get(container) ?? []) connection.destroy();
  }
}
