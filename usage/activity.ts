import type { Use } from "@guise/contract";
import type { Clock } from "#foundation";
import { SeenPaths } from "./seen-paths.ts";

/** When a workspace was last used, by the monotonic clock: setting the machine's time makes nobody idle. */
export interface Uses {
  readonly last: Readonly<Partial<Record<Use, number>>>;
  /** What is use for as long as it lasts, and lasts now. */
  readonly lasting: readonly Use[];
}

/** When each workspace was last used, and how. In memory: after a restart of Guise everybody counts as used then. */
export class Activity {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(workspace: string, use: Use): void {
    this.#of(workspace).last[use] = this.#clock.monotonic();
  }

  /** Use that lasts until it is told to be over, once. */
  begin(workspace: string, use: Use): () => void {
    const { last, lasting } = this.#of(workspace);
    const one = { use };
    lasting.add(one);
    return () => {
      if (lasting.delete(one)) last[use] = this.#clock.monotonic();
    };
  }

  of(workspace: string): Uses {
    const known = this.#known.get(workspace);
    return known === undefined ? NO_USES : { last: { ...known.last }, lasting: [...new Set([...known.lasting].map(({ use }) => use))] };
  }

  /** What was asked for of its web applications. */
  pathsOf(workspace: string): SeenPaths {
    return this.#of(workspace).paths;
  }

  /** Forgets all other workspaces, but for what lasts in them. */
  keepOnly(workspaces: ReadonlySet<string>): void {
    for (const [workspace, { lasting }] of this.#known) if (!workspaces.has(workspace) && lasting.size === 0) this.#known.delete(workspace);
  }

  #of(workspace: string): Known {
    const known = this.#known.get(workspace) ?? { last: {}, lasting: new Set(), paths: new SeenPaths() };
    this.#known.set(workspace, known);
    return known;
  }
}

interface Known {
  readonly last: Partial<Record<Use, number>>;
  readonly lasting: Set<{ readonly use: Use }>;
  readonly paths: SeenPaths;
}

const NO_USES: Uses = { last: {}, lasting: [] };
