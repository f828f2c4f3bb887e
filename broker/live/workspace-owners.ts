import type { Repository } from "#repository";

/** Owners never change; the oldest that is known makes room for the newest. */
const MOST = 20_000;

/** Whose a workspace is, looked up once. */
export class WorkspaceOwners {
  readonly #repository: Repository;
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  of(workspace: string): Promise<string | undefined> {
    const known = this.#known.get(workspace);
    if (known !== undefined) return known;
    const asked = this.#repository.workspace(workspace).then((row) => row?.owner);
    this.#known.set(workspace, asked);
    // What could not be read is asked for again.
    asked.catch(() => this.#known.delete(workspace));
    for (const oldest of this.#known.keys()) if (this.#known.size > MOST) this.#known.delete(oldest);
    return asked;
  }
}
