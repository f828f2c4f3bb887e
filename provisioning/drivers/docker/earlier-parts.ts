import type { EngineContext } from "./engine-context.ts";
import { listObjects } from "./owned-objects.ts";
import type { SandboxStorage } from "./storage/sandbox-storage.ts";

/**
 * Workspaces that may have parts on the engine or devices from an earlier attempt: what was there when this process first looked, and
 * what it has begun itself. Nobody else makes any, so that for a new workspace nothing has to be looked for (10 ms of each start).
 */
export class EarlierParts {
  readonly #context: EngineContext;
  readonly #storage: SandboxStorage;
  readonly #begun = new Set<string>();
  #found: Promise<ReadonlySet<string>> | undefined;

  constructor(context: EngineContext, storage: SandboxStorage) {
    this.#context = context;
    this.#storage = storage;
  }

  /** Takes the first look. Rejects `engine_unreachable`; the next call then looks again. */
  async look(): Promise<void> {
    await this.#before();
  }

  /** Whether an earlier attempt is possible; from now on it is. */
  async possible(workspace: string): Promise<boolean> {
    const before = await this.#before();
    const possible = before.has(workspace) || this.#begun.has(workspace);
    this.#begun.add(workspace);
    return possible;
  }

  /** Nothing of the workspace is left: told after its last part and its home are gone. */
  ended(workspace: string): void {
    this.#begun.delete(workspace);
  }

  #before(): Promise<ReadonlySet<string>> {
    this.#found ??= this.#list().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  async #list(): Promise<ReadonlySet<string>> {
    const [objects, devices] = await Promise.all([listObjects(this.#context), this.#storage.generations()]);
    return new Set([...objects.flatMap(({ workspace }) => workspace ?? []), ...devices.map(({ workspace }) => workspace)]);
  }
}
