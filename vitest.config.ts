import { defineConfig } from "vitest/config";

/**
 * Unit tests lie beside the code. Acceptance tests share one engine, run one file at a time, and measure: they have the machine alone.
 * Long ones (`npm run test:long`) measure for minutes, and print what they measured.
 */
export default defineConfig({
  test: {
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
          testTimeout: 20_000,
          pool: "forks",
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/acceptance/**/*.test.ts", "provisioning/drivers/docker/**/*.engine.test.ts"],
          exclude: ["**/node_modules/**", "**/*.long.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
          pool: "forks",
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "long",
          include: ["**/*.long.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 1_800_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
          pool: "forks",
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
