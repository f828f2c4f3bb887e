import type { Clock, Log, Scope } from "#foundation";
import type { OpenedDriver } from "./open-driver.ts";
import { repeat } from "./repeat.ts";

/** A foreign engine that starts after ours may have closed the way out; and a daemon of our own engine may have died. */
export function holdEngine({ hold, keepUp }: OpenedDriver, clock: Clock, log: Log, scope: Scope): void {
  scope.onEnd(
    "network rules",
    repeat(clock, 30_000, () =>
      hold().catch((error: unknown) => log.warn({ err: error }, "the host's network rules could not be checked")),
    ),
  );
  scope.onEnd(
    "engine watch",
    repeat(clock, 3_000, () => keepUp().catch((error: unknown) => log.error({ err: error }, "the engine could not be started again"))),
  );
}
