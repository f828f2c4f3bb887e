import { type Clock, type Log, repeat, type Scope } from "#foundation";
import type { OpenedDriver } from "./open-driver.ts";

/** A foreign engine that starts after ours may have closed the way out; and a daemon of our own engine may have died. */
export function holdEngine({ hold, keepUp }: OpenedDriver, clock: Clock, log: Log, scope: Scope): void {
  scope.onEnd("network rules", repeat({ clock, log, pause: 30_000, failed: "the host's network rules could not be checked" }, hold));
  scope.onEnd("engine watch", repeat({ clock, log, pause: 3_000, failed: "the engine could not be started again" }, keepUp));
}
