import { type Clock, type Ids, type Log, repeat, type Scope } from "#foundation";
import type { Repository } from "#repository";

/** Ms for which the loop is ours without another word from us. */
const LEASE = 15_000;

/** Moving workspaces is one Guise's at a time: without the lease moves fail with `lease_lost`. */
export async function holdLease(repository: Repository, ids: Ids, clock: Clock, log: Log, scope: Scope): Promise<void> {
  const holder = ids.next("loop");
  await repository.takeLease(holder, LEASE);
  const end = repeat({ clock, log, pause: LEASE / 3, failed: "the lease of the loop could not be renewed" }, () =>
    repository.takeLease(holder, LEASE),
  );
  scope.onEnd("lease", async () => {
    await end();
    await repository.releaseLease(holder);
  });
}
