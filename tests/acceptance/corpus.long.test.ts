import { afterAll, beforeAll, test } from "vitest";
import { CorpusWorld } from "./corpus/corpus-world.ts";
import { expectOutcome } from "./corpus/expect-outcome.ts";
import { REPRESENTATIVE } from "./corpus/outcomes.ts";

/**
 * Lists that people have become personas whose images are built, and what they name is tried in a workspace: three folders at least of each
 * family. All of the corpus: `npx vitest run --project corpus`.
 */
let world: CorpusWorld;
beforeAll(async () => {
  world = await CorpusWorld.open();
});
afterAll(() => world?.close());

test.each(REPRESENTATIVE)("%s", (folder) => expectOutcome(world, folder));
