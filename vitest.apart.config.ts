import { defineConfig } from "vitest/config";

/**
 * Tests beside a Docker engine as a distribution starts it. It writes the machine's firewall, so they run in a network
 * namespace of their own, and never by the project's own configuration: `provisioning/drivers/docker/apart/apart.engine.test.ts` starts them.
 */
export default defineConfig({
  test: {
    include: ["provisioning/drivers/docker/apart/*.apart.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    pool: "forks",
  },
});
