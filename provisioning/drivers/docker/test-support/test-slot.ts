/**
 * Tests on an engine keep it, and its base images, between runs. A second checkout that tests on the same machine at the
 * same time takes another slot (GUISE_TEST_SLOT=1 to 9), and shares nothing with the first.
 */
const slot = Number(process.env.GUISE_TEST_SLOT ?? 0);
if (!Number.isInteger(slot) || slot < 0 || slot > 9) throw new Error("GUISE_TEST_SLOT must be a digit");
const suffix = slot === 0 ? "" : `-${slot}`;

export const TEST_SLOT = {
  /** Sets apart what has a number: addresses, names of devices. */
  number: slot,
  /** Of the driver's tests: folder and installation. */
  engine: `/var/tmp/guise-test${suffix}`,
  installation: `guise-test${suffix}`,
  /** Of the acceptance tests: folder and port. */
  acceptance: `/var/tmp/guise-acceptance${suffix}`,
  port: 7078 - slot,
} as const;
