import { expect } from "vitest";
import type { CorpusWorld } from "./corpus-world.ts";
import { OUTCOMES } from "./outcomes.ts";

/** That the lists of a folder become what the table says of them, and nothing else. */
export async function expectOutcome(world: CorpusWorld, folder: string): Promise<void> {
  const outcome = OUTCOMES[folder];
  const trial = await world.try(folder);
  // Where none is written down yet, what came of it is told.
  if (outcome === undefined || outcome === "no draft" || trial === undefined) return expect(trial ?? "no draft").toEqual(outcome);
  const { refused = {}, broken = {}, unbuilt } = outcome;
  const matching = (said: Readonly<Record<string, RegExp>>) =>
    Object.fromEntries(Object.entries(said).map(([name, expression]) => [name, expect.stringMatching(expression)]));
  expect(trial).toEqual({
    ...{ refused: matching(refused), broken: matching(broken), tried: expect.any(Number) },
    ...(unbuilt === undefined ? {} : { unbuilt: expect.stringMatching(unbuilt) }),
  });
  // What is built brings something that can be tried.
  if (unbuilt === undefined) expect(trial.tried).toBeGreaterThan(0);
}
