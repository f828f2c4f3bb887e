import type { Clock } from "#foundation";

/**
 * What counts as use of a workspace. `input`: bytes that its person sends into it, by whatever way; `launch`: an application begins or
 * ends; `cpu`: its programs compute; `kept`: its person says so.
 */
export const ACTIVITY_KINDS = ["input", "launch", "cpu", "kept"] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** By the monotonic clock: setting the machine's time makes nobody idle. */
export type LastActivity = Partial<Record<ActivityKind, number>>;

/** When each workspace was last used, and how. In memory: after a restart of Guise everybody counts as used then. What was sent is never looked at. */
export class Activity {
  readonly #clock: Clock;
  readonly #last = new Map<string, LastActivity>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(workspace: string, kind: ActivityKind): void {
    const last = this.#last.get(workspace);
    if (last === undefined) this.#last.set(workspace, { [kind]: this.#clock.monotonic() });
    else last[kind] = this.#clock.monotonic();
  }

  last(workspace: string): LastActivity {
    return this.#last.get(workspace) ?? {};
  }

  forget(workspace: string): void {
    this.#last.delete(workspace);
  }
}
