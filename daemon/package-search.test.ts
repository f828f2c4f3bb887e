import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { type NamedPackage, ProvisioningError } from "#provisioning";
import { packageSearch } from "./package-search.ts";

function searching(names?: (base: string | undefined) => Promise<readonly NamedPackage[]>) {
  const clock = new ManualClock();
  const bases = async () => ({ here: [], standard: undefined });
  const examine = async () => ({ missing: [], unresolved: undefined });
  const driver = names === undefined ? {} : { packages: { names: ({ base }: { base?: string }) => names(base), examine, bases } };
  return { clock, search: packageSearch({ driver, clock, log: silentLog, packageEpoch: "1" }) };
}

test("the lists of each base are read once, and again after hours", async () => {
  const asked: (string | undefined)[] = [];
  const { clock, search } = searching(async (base) => {
    asked.push(base);
    return [{ name: "gnumeric", summary: "spreadsheet" }];
  });
  const found = { packages: [{ manager: "apt", name: "gnumeric", summary: "spreadsheet" }] };
  expect(await search("spreadsheet", undefined)).toEqual(found);
  expect(await search("gnum", undefined)).toEqual(found);
  expect(await search("nothing", "debian-13")).toEqual({ packages: [] });
  expect(asked).toEqual([undefined, "debian-13"]);
  clock.advance(6 * 3_600_000);
  await search("gnum", undefined);
  expect(asked).toHaveLength(3);
});

test("who asks waits ten seconds at most; lists that cannot be read are told and asked for again", async () => {
  let answer = (_: readonly NamedPackage[]) => {};
  const late = searching(() => new Promise((resolve) => (answer = resolve)));
  const first = late.search("gnumeric", undefined);
  late.clock.advance(10_000);
  expect((await first).unasked).toContain("still being read");
  answer([{ name: "gnumeric", summary: "" }]);
  expect((await late.search("gnumeric", undefined)).packages).toHaveLength(1);
  const away = searching(() => Promise.reject(new ProvisioningError("mirror_unreachable", "a package mirror does not answer")));
  const told = { packages: [], unasked: "the package lists could not be read: a package mirror does not answer" };
  expect([await away.search("jq", undefined), await away.search("jq", undefined)]).toEqual([told, told]);
  expect(await searching().search("jq", undefined)).toEqual({ packages: [] });
});
