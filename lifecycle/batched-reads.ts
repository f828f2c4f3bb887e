import type { HomeRow, Repository, WorkspaceRow } from "#repository";

/** More keys in one question would make everybody else's wait longer than it saves. */
const MOST_AT_ONCE = 256;

/** Rows by their keys, one question for all that are asked for in the same turn: fifty wake-ups are one read, not fifty. */
export class BatchedReads<Row> {
  readonly #readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;
  #next: Promise<ReadonlyMap<string, Row>> | undefined;
  #keys = new Set<string>();

  constructor(readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>) {
    this.#readMany = readMany;
  }

  /** As it is after this call; undefined when there is none. */
  async read(key: string): Promise<Row | undefined> {
    if (this.#keys.size >= MOST_AT_ONCE) this.#next = undefined;
    this.#next ??= this.#begin();
    this.#keys.add(key);
    return (await this.#next).get(key);
  }

  async #begin(): Promise<ReadonlyMap<string, Row>> {
    const keys = new Set<string>();
    this.#keys = keys;
    await Promise.resolve();
    if (this.#keys === keys) this.#next = undefined;
    return this.#readMany([...keys]);
  }
}

export function workspaceReads(repository: Pick<Repository, "workspaces">): BatchedReads<WorkspaceRow> {
  return new BatchedReads((ids) => workspacesById(repository, ids));
}

export function homeReads(repository: Pick<Repository, "homes">): BatchedReads<HomeRow> {
  return new BatchedReads(async (homes) => new Map((await repository.homes({ homes })).map((row) => [row.home, row])));
}

export async function workspacesById(
  repository: Pick<Repository, "workspaces">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WorkspaceRow>> {
  const byId = new Map<string, WorkspaceRow>();
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE)
    for (const row of await repository.workspaces({ ids: ids.slice(at, at + MOST_AT_ONCE) })) byId.set(row.id, row);
  return byId;
}
