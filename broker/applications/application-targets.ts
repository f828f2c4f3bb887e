import { applicationLabel, portOfLabel } from "@guise/contract";
import type { Clock } from "#foundation";
import type { Repository, WorkspaceRow } from "#repository";
import type { Addressed } from "./application-places.ts";

/** Ms for which what was found is believed: a page asks for hundreds of files at once. */
const BELIEVED = 500;
const MOST_KNOWN = 1_000;

export interface ApplicationTarget {
  readonly workspace: WorkspaceRow;
  /** Where it listens inside, and what is opened first; absent where the workspace runs nothing of that name. */
  readonly web: { readonly port: number; readonly path: string } | undefined;
}

/** What application a host stands for. */
export class ApplicationTargets {
  readonly #repository: Pick<Repository, "workspace" | "launches">;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly target: Promise<ApplicationTarget | undefined> }>();

  constructor(repository: Pick<Repository, "workspace" | "launches">, clock: Clock) {
    this.#repository = repository;
    this.#clock = clock;
  }

  /** As of a moment ago; undefined: there is no such workspace. */
  find(addressed: Addressed): Promise<ApplicationTarget | undefined> {
    const known = this.#known.get(addressed.host);
    const now = this.#clock.monotonic();
    if (known !== undefined && now - known.at < BELIEVED) return known.target;
    const target = this.#look(addressed);
    target.catch(() => this.#known.delete(addressed.host));
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(addressed.host, { at: now, target });
    return target;
  }

  async #look({ label, workspace: id }: Addressed): Promise<ApplicationTarget | undefined> {
    const workspace = await this.#repository.workspace(id);
    if (workspace === undefined) return undefined;
    const found = (await this.#repository.launches(id)).filter(
      ({ generation, application, web }) =>
        web !== undefined && generation === workspace.generation && applicationLabel(application, id) === label,
    );
    const launch = found.find(({ state }) => state === "running") ?? found.find(({ state }) => state === "starting");
    const port = portOfLabel(label);
    return { workspace, web: launch?.web ?? (port === undefined ? undefined : { port, path: "/" }) };
  }
}
