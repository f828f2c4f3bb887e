import type { PackageSource } from "@guise/contract";
import { type Clock, codeOf, type Log, messageOf } from "#foundation";
import type { PersonaImage } from "#persona";
import type { Driver, ImagePlan, PackageFindings, PackagePower } from "#provisioning";
import { answeredWithin } from "./answered-within.ts";

/** Who asks waits no longer, ms. What takes longer goes on: who asks the same again finds it done. */
const ANSWERED_WITHIN = 10_000;
/** How long an answer counts for the same question, ms. */
const KEPT = 60_000;

/** What the mirrors say, or why they were not asked; neither where the engine cannot ask them. */
export type PackageAnswer = { readonly found?: PackageFindings; readonly unasked?: string };

const TOO_LATE: PackageAnswer = {
  unasked:
    "the package mirrors were asked, and did not answer in time: the first question of a base takes longest; ask again in a moment, or see what the build says",
};

export interface PackageQuestionsOptions {
  readonly driver: Pick<Driver, "packages">;
  readonly clock: Clock;
  readonly log: Log;
  readonly packageEpoch: string;
}

/** Asks the mirrors of a persona's packages before anything is built. */
export function packageQuestions({ driver, clock, log, packageEpoch }: PackageQuestionsOptions) {
  const asked = new Map<string, Promise<PackageAnswer>>();
  const examine = async (power: PackagePower, key: string, plan: Omit<ImagePlan, "packageEpoch">): Promise<PackageAnswer> => {
    try {
      const found = await power.examine({ ...plan, packageEpoch });
      clock.after(KEPT, () => asked.delete(key), { unref: true });
      return { found };
    } catch (error) {
      asked.delete(key);
      log.warn({ err: error, code: codeOf(error) }, "the packages of a persona could not be asked for");
      return { unasked: `the packages were not looked for: ${messageOf(error)}` };
    }
  };
  return async ({ base, layers }: PersonaImage, sources: readonly PackageSource[]): Promise<PackageAnswer> => {
    if (driver.packages === undefined) return {};
    const plan = { ...(base === undefined ? {} : { base }), layers, ...(sources.length === 0 ? {} : { sources }) };
    const key = JSON.stringify(plan);
    const asking = asked.get(key) ?? examine(driver.packages, key, plan);
    asked.set(key, asking);
    return answeredWithin(clock, ANSWERED_WITHIN, asking, TOO_LATE);
  };
}
