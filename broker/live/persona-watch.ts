import { type Clock, type Log, repeat } from "#foundation";
import type { Repository, VersionRow } from "#repository";
import { shownVersions } from "../shown-versions.ts";
import { SharedReading } from "./shared-reading.ts";

/** Between looks, ms. Builds report about as often. */
const LOOK_EVERY = 1000;

export type PersonasListener = (rows: readonly VersionRow[]) => void;

/** Tells when personas, their versions or their builds are others than before; one look for all who listen, none while nobody does. */
export class PersonaWatch {
  readonly #rows: SharedReading<readonly VersionRow[]>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<PersonasListener>();
  #known = "";
  #endLooks: (() => Promise<void>) | undefined;

  constructor(parts: { readonly repository: Repository; readonly clock: Clock; readonly log: Log }) {
    this.#rows = new SharedReading(() => shownVersions(parts.repository), parts.clock, LOOK_EVERY);
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** What is shown now is read by the listener itself; this tells of changes after a look that is about to come. */
  subscribe(listener: PersonasListener): () => void {
    this.#listeners.add(listener);
    this.#endLooks ??= repeat({ clock: this.#clock, log: this.#log, pause: LOOK_EVERY, failed: "personas could not be looked at" }, () =>
      this.#look(),
    );
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      void this.#endLooks?.();
      this.#endLooks = undefined;
    };
  }

  /** As of now. */
  rows(): Promise<readonly VersionRow[]> {
    return this.#rows.anew();
  }

  /** As of the last look. */
  recentRows(): Promise<readonly VersionRow[]> {
    return this.#rows.recent();
  }

  async #look(): Promise<void> {
    const rows = await this.#rows.anew();
    const now = JSON.stringify(rows.map(factsOf));
    if (now !== this.#known) for (const listener of this.#listeners) listener(rows);
    this.#known = now;
  }
}

/** All that a person sees of a version and that changes. */
function factsOf({ persona, version, state, draft, isRetired, latest, build, revision, refresh, image }: VersionRow) {
  return [persona, version, state, draft, isRetired, latest, build, revision, refresh, image?.bytes];
}
