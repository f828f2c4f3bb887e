import type { Clock, Ids, Log, Scope } from "#foundation";
import type { Repository } from "#repository";
import { repeat } from "./repeat.ts";

/** Ms for which the loop is ours without another word from us. */
const LEASE = 15_000;

/** Moving workspaces is one Guise's at a time: without the lease moves fail with `lease_lost`. */
export async function holdLease(repository: Repository, ids: Ids, clock: Clock, log: Log, scope: Scope): Promise<void> {
  const holder = ids.next("loop");
  await repository.takeLease(holder, LEASE);
  const end = repeat(clock, LEASE / 3, () =>
    repository.takeLease(holder, LEASE).catch((error: unknown) => log.error({ err: error }, "the lease of the loop could not be renewed")),
  );
  scope.onEnd("lease", async () => {
    await end();
    await repository.releaseLease(holder);
  });
}
