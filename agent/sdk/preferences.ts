import type { PreferencesView, Preferences as Preferred } from "@guise/contract";
import { hasCode } from "./agent-error.ts";
import type { Transport } from "./transport.ts";

/** How often a change is made once more where somebody else changed something meanwhile. */
const TRIES = 5;

/** What the person prefers in every persona; it holds from the next start or resume of each workspace. */
export class Preferences {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  show(): Promise<PreferencesView> {
    return this.#transport.json<PreferencesView>("GET", "/preferences", { repeatable: true });
  }

  /** All of them, in place of those of that revision. Throws AgentError `conflict` where they were changed meanwhile, `invalid`. */
  set(revision: number, preferences: Preferred): Promise<PreferencesView> {
    return this.#transport.json<PreferencesView>("PUT", "/preferences", { body: { revision, preferences } });
  }

  /** Reads, changes and stores them; once more where they were changed meanwhile, so that neither change is lost. */
  async change(make: (present: Preferred) => Preferred): Promise<PreferencesView> {
    for (let tries = 1; ; tries++) {
      const { revision, preferences } = await this.show();
      try {
        return await this.set(revision, make(preferences));
      } catch (error) {
        if (!hasCode(error, "conflict") || tries === TRIES) throw error;
      }
    }
  }
}
