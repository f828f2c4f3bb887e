import { recover } from "#lifecycle";
import type { Ground } from "./ground.ts";
import type { Readiness } from "./readiness.ts";
import type { Workings } from "./workings.ts";

/** Takes over what ran before, sets everything going, and has people answered. */
export async function takeOver(ground: Ground, workings: Workings, readiness: Readiness): Promise<void> {
  const { scope, repository, log } = ground;
  const { context, admission, loop, doomed, forecaster, builds, checks, launcher, watches, notices, accessKeeper } = workings;
  await recover(context, readiness.stopping);
  await admission.rebuild();
  await loop.start();
  watches.begin();
  notices?.begin();
  accessKeeper.begin();
  scope.onEnd("data access", () => accessKeeper.stop());
  scope.onEnd("notices", () => notices?.stop());
  scope.onEnd("forecaster", () => forecaster.stop());
  scope.onEnd("loop", () => loop.stop());
  scope.onEnd("builds", () => builds.stop());
  scope.onEnd("checks", () => checks.stop());
  scope.onEnd("readiness", () => readiness.end());
  scope.onEnd("launches", () => launcher.close());
  readiness.begin();
  // What was asked while the loop began to look.
  loop.lookRound();
  checks.begin();
  doomed.begin();
  scope.onEnd("homes to delete", () => doomed.stop());
  for (const row of await repository.workspaces({ states: ["ready"] })) {
    launcher.takeOver(row).catch((error: unknown) => log.warn({ err: error, workspace: row.id }, "launches could not be looked up"));
  }
}
