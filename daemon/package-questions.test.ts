import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { type PackageFindings, ProvisioningError } from "#provisioning";
import { packageQuestions } from "./package-questions.ts";

const NOTHING: PackageFindings = { missing: [], unresolved: undefined };

function asking(examine?: () => Promise<PackageFindings>) {
  const clock = new ManualClock();
  const driver =
    examine === undefined ? {} : { packages: { examine, names: async () => [], bases: async () => ({ here: [], standard: undefined }) } };
  return { clock, ask: packageQuestions({ driver, clock, log: silentLog, packageEpoch: "1" }) };
}

test("gives what was found; an engine that cannot ask gives neither that nor a reason", async () => {
  expect(await asking(async () => NOTHING).ask({ layers: [] }, [])).toEqual({ found: NOTHING });
  expect(await asking().ask({ layers: [] }, [])).toEqual({});
});

test("who asks waits ten seconds at most, and a mirror that is away is no problem of the persona", async () => {
  let answer = (_: PackageFindings) => {};
  let times = 0;
  const late = asking(() => {
    times++;
    return new Promise((resolve) => {
      answer = resolve;
    });
  });
  const first = late.ask({ layers: [] }, []);
  late.clock.advance(10_000);
  expect((await first).unasked).toContain("did not answer in time");
  // It went on: who asks the same again finds it done, for a while.
  answer(NOTHING);
  expect(await late.ask({ layers: [] }, [])).toEqual({ found: NOTHING });
  late.clock.advance(60_000);
  const anew = late.ask({ layers: [] }, []);
  answer(NOTHING);
  expect([await anew, times]).toEqual([{ found: NOTHING }, 2]);
  const away = asking(() => Promise.reject(new ProvisioningError("mirror_unreachable", "a package mirror does not answer")));
  expect(await away.ask({ layers: [] }, [])).toEqual({ unasked: "the packages were not looked for: a package mirror does not answer" });
});
