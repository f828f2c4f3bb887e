import { defineConfig } from "vitest/config";
import { EngineOrder } from "./tests/engine-order.ts";

/** How a test waits for what comes: looks often, and gives up late, so that a busy machine is only slower. */
const PATIENCE = { poll: { interval: 20, timeout: 15_000 } };
/** On a whole Guise a look is a command or two, and a person may make fifty requests a second. */
const UNHURRIED = { poll: { interval: 250, timeout: 15_000 } };

/** Where nothing but the engine is shared: one file at a time, in one process, which ends what it held. */
const ON_AN_ENGINE = {
  testTimeout: 600_000,
  hookTimeout: 1_200_000,
  fileParallelism: false,
  pool: "forks",
  globalSetup: "tests/acceptance/support/end-held.ts",
} as const;
/** All lists of the corpus, which takes hours; runs only as a project that is named. */
const CORPUS = "tests/acceptance/corpus.all.test.ts";
/** Starts engines of somebody else's, each in a network of its own. */
const APART = "provisioning/drivers/docker/apart/apart.engine.test.ts";

/**
 * Unit tests lie beside the code; files share a process and what it has loaded, which is half of the work. Those of a whole Guise and those of
 * the driver run one file at a time, each kind on an engine of its own, so `npm test` runs all three side by side.
 * Long ones (`npm run test:long`) measure for minutes, and print what they measured.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: EngineOrder },
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [
            "**/node_modules/**",
            "tests/acceptance/**",
            "provisioning/drivers/docker/**/*.{engine,apart}.test.ts",
            "**/*.long.test.ts",
          ],
          // What hangs is told late; what is only slow, on a busy machine, is no failure.
          testTimeout: 60_000,
          expect: PATIENCE,
          pool: "forks",
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "acceptance",
          include: ["tests/acceptance/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/*.long.test.ts", CORPUS],
          expect: UNHURRIED,
          ...ON_AN_ENGINE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "driver",
          include: ["provisioning/drivers/docker/**/*.engine.test.ts"],
          exclude: ["**/node_modules/**", APART],
          expect: UNHURRIED,
          ...ON_AN_ENGINE,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "apart",
          include: [APART],
          exclude: ["**/node_modules/**"],
          ...ON_AN_ENGINE,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "long",
          include: ["**/*.long.test.ts"],
          exclude: ["**/node_modules/**"],
          expect: UNHURRIED,
          ...ON_AN_ENGINE,
          testTimeout: 1_800_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "corpus",
          include: [CORPUS],
          exclude: ["**/node_modules/**"],
          ...ON_AN_ENGINE,
          testTimeout: 1_800_000,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
