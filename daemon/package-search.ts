import type { BaseName, FoundPackages } from "@guise/contract";
import { packagesLike } from "#applications";
import { type Clock, codeOf, type Log, messageOf } from "#foundation";
import type { Driver, NamedPackage } from "#provisioning";
import { answeredWithin } from "./answered-within.ts";

/** Who asks waits no longer, ms. What takes longer goes on. */
const ANSWERED_WITHIN = 10_000;
/** How long the lists of a distribution are searched before they are read anew, ms. */
const KEPT = 6 * 3_600_000;

const STILL_READ: FoundPackages = { packages: [], unasked: "the package lists are still being read; search again in a moment" };

export interface PackageSearchOptions {
  readonly driver: Pick<Driver, "packages">;
  readonly clock: Clock;
  readonly log: Log;
  readonly packageEpoch: string;
}

/** Searches the distribution's package lists, which are read once for each base and kept for some hours. */
export function packageSearch({ driver, clock, log, packageEpoch }: PackageSearchOptions) {
  const read = new Map<BaseName | undefined, Promise<readonly NamedPackage[]>>();
  const listsOf = (base: BaseName | undefined): Promise<readonly NamedPackage[]> => {
    const known = read.get(base);
    if (known !== undefined) return known;
    const reading = driver.packages?.names({ ...(base === undefined ? {} : { base }), packageEpoch }) ?? Promise.resolve([]);
    read.set(base, reading);
    reading.then(
      () => clock.after(KEPT, () => read.delete(base), { unref: true }),
      (error: unknown) => {
        read.delete(base);
        log.warn({ err: error, code: codeOf(error) }, "the package lists could not be read for a search");
      },
    );
    return reading;
  };
  return async (text: string, base: BaseName | undefined): Promise<FoundPackages> => {
    const searched = listsOf(base).then(
      (names): FoundPackages => ({ packages: packagesLike(text, names).map((one) => ({ manager: "apt", ...one })) }),
      (error: unknown): FoundPackages => ({ packages: [], unasked: `the package lists could not be read: ${messageOf(error)}` }),
    );
    return answeredWithin(clock, ANSWERED_WITHIN, searched, STILL_READ);
  };
}
