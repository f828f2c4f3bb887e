import { aptInstall } from "./apt.ts";
import { withoutDatabaseCluster } from "./database-cluster.ts";
import { buildPortal } from "./portal.ts";
import type { ProgressLines } from "./progress-lines.ts";
import { ENGINE_NEEDS, missingOf, TEST_NEEDS } from "./system-packages.ts";

/** Brings what the tests, the benchmarks and the attacks on a real engine need beside the dependencies: Debian packages, and the portal's page. */
export async function bringDevelopmentNeeds(root: string, lines: ProgressLines): Promise<void> {
  const began = Date.now();
  const missing = missingOf([...ENGINE_NEEDS, ...TEST_NEEDS]);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((need) => need.package))];
    lines.done(`set-up: installing ${packages.join(", ")}`);
    const install = () => aptInstall(packages, { progress: (message, percent) => lines.running(message, percent) });
    await (packages.includes("postgresql") ? withoutDatabaseCluster(install) : install());
  }
  await buildPortal(root, (message) => lines.running(message));
  lines.done(`set-up: ${Math.round((Date.now() - began) / 1000)} s`);
}
