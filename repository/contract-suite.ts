import { afterEach, beforeEach, describe } from "vitest";
import type { World } from "./contract-fixtures.ts";
import { allocationLaws } from "./contract-suite/allocations.ts";
import { checkLaws } from "./contract-suite/checks.ts";
import { dataSourceLaws } from "./contract-suite/data-sources.ts";
import { desiredLaws } from "./contract-suite/desired.ts";
import { draftLaws } from "./contract-suite/drafts.ts";
import { eventLaws } from "./contract-suite/events.ts";
import { homeLaws } from "./contract-suite/homes.ts";
import { imageLaws } from "./contract-suite/images.ts";
import { leaseLaws } from "./contract-suite/lease.ts";
import { moveLaws } from "./contract-suite/moves.ts";
import { noticeLaws } from "./contract-suite/notices.ts";
import { packageSourceLaws } from "./contract-suite/package-sources.ts";
import { peopleLaws } from "./contract-suite/people.ts";
import { preferencesLaws } from "./contract-suite/preferences.ts";
import { providerPeopleLaws } from "./contract-suite/provider-people.ts";
import { randomStepLaws } from "./contract-suite/random-steps.ts";
import { recordLaws } from "./contract-suite/records.ts";
import { requestLaws } from "./contract-suite/requests.ts";
import { retirementLaws } from "./contract-suite/retirement.ts";
import { versionLaws } from "./contract-suite/versions.ts";

/** How many revisions of a workspace keep their events in a world of this suite. */
export const REVISIONS_KEPT = 6;

/** What every back end of the repository must hold to. A back end runs it with one line, giving a fresh world for each test. */
export function repositoryContract(name: string, open: (options: { revisionsKept: number }) => Promise<World>): void {
  describe(`repository on ${name}`, () => {
    let world: World | undefined;
    beforeEach(async () => {
      world = await open({ revisionsKept: REVISIONS_KEPT });
    });
    afterEach(async () => {
      await world?.end();
    });
    const present = (): World => {
      if (world === undefined) throw new Error("the world of this test was not opened");
      return world;
    };
    for (const laws of [
      versionLaws,
      draftLaws,
      checkLaws,
      retirementLaws,
      requestLaws,
      moveLaws,
      allocationLaws,
      homeLaws,
      imageLaws,
      desiredLaws,
      randomStepLaws,
      eventLaws,
      leaseLaws,
      peopleLaws,
      packageSourceLaws,
      dataSourceLaws,
      preferencesLaws,
      providerPeopleLaws,
      noticeLaws,
      recordLaws,
    ])
      laws(present);
  });
}
