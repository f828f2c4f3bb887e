import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "#foundation";

/** Debian's packages of PostgreSQL read what lies here before they make a database that runs from then on. */
const CHOICES = "/etc/postgresql-common/createcluster.d";

/** Tests bring a PostgreSQL of their own: while this installs, the package makes none that would run on the machine beside. */
export async function withoutDatabaseCluster<Result>(install: () => Promise<Result>, folder = CHOICES): Promise<Result> {
  const file = join(folder, "guise-tests.conf");
  // Who may not write here cannot install either, which apt says better.
  await mkdir(folder, { recursive: true }).then(() => writeFile(file, "create_main_cluster = false\n"), refusedTo);
  try {
    return await install();
  } finally {
    await rm(file, { force: true });
  }
}

function refusedTo(error: unknown): void {
  if (codeOf(error) !== "EACCES") throw error;
}
