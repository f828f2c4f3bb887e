import { ENFORCED_LIMITS, type EnforcedLimit } from "@guise/contract";
import { codeOf, type Log } from "#foundation";
import type { Driver } from "#provisioning";

/**
 * Limits that the engine says it does not hold: personas that rest on them are refused. Asked once, for it hangs on the machine and its
 * kernel. An engine that does not answer says nothing; nothing can be built or started on it either.
 */
export async function unenforcedBy(driver: Pick<Driver, "capabilities">, log: Log): Promise<readonly EnforcedLimit[]> {
  try {
    const { enforces } = await driver.capabilities();
    const missing = ENFORCED_LIMITS.filter((limit) => !enforces[limit]);
    if (missing.length > 0) log.warn({ missing }, "the engine does not hold every limit: personas are refused");
    return missing;
  } catch (error) {
    log.warn({ err: error, code: codeOf(error) }, "the engine could not be asked which limits it holds");
    return [];
  }
}
