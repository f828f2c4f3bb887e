import { afterAll, beforeAll, test } from "vitest";
import { FOLDERS } from "../../persona/importing/corpus-lists.fixture.ts";
import { CorpusWorld } from "./corpus/corpus-world.ts";
import { expectOutcome } from "./corpus/expect-outcome.ts";

/** As `corpus.long.test.ts`, with all that the corpus has. Runs where it is asked for alone, for it takes hours: `npx vitest run --project corpus`. */
let world: CorpusWorld;
beforeAll(async () => {
  world = await CorpusWorld.open();
});
afterAll(() => world?.close());

test.each(FOLDERS)("%s", (folder) => expectOutcome(world, folder));
