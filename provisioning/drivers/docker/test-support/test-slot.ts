import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * All tests on an engine share one, and keep it with its base images between runs: engine and base take minutes to make. A second checkout
 * that tests on the same machine at the same time takes another slot (GUISE_TEST_SLOT), and shares nothing with the first.
 */
const slot = Number(process.env.GUISE_TEST_SLOT ?? 0);
if (!Number.isInteger(slot) || slot < 0 || slot > 9) throw new Error("GUISE_TEST_SLOT must be a digit");
const suffix = slot === 0 ? "" : `-${slot}`;
/** GUISE_HOME of the acceptance tests; the driver's tests use the engine in it. */
const home = `/var/tmp/guise-test${suffix}`;

export const TEST_SLOT = {
  /** Sets apart what has a number: addresses, names of devices. */
  number: slot,
  home,
  /** The id that the engine and its base images bear; what a driver under test makes bears another one. */
  installation: installationIn(home, `guise-test${suffix}`),
  /** Of the acceptance tests' Guise. */
  port: 7078 - slot,
} as const;

/** As Guise keeps it in its home, made by whoever comes first. */
function installationIn(folder: string, id: string): string {
  const file = join(folder, "installation");
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, `${id}\n`, { flag: "wx", mode: 0o644 });
    return id;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readFileSync(file, "utf8").trim();
  }
}
