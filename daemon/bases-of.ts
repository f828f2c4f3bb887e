import type { Bases } from "@guise/contract";
import { codeOf, type Log } from "#foundation";
import type { Driver } from "#provisioning";

/** What images may stand on here. Asked once; where the machine does not say, no persona may choose. */
export async function basesOf({ packages }: Pick<Driver, "packages">, log: Log): Promise<Bases> {
  try {
    return (await packages?.bases()) ?? { here: [], standard: undefined };
  } catch (error) {
    log.warn({ err: error, code: codeOf(error) }, "it could not be found out what images may stand on");
    return { here: [], standard: undefined };
  }
}
