import { describe, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { describeOwned, type OwnedObject } from "./owned-objects.ts";
import { OWN_GRACE, SWEEP_EVERY, SWEEP_GRACE, Sweeper, sweepable } from "./sweeper.ts";

const NOW = 1_000_000;
const object = (over: Partial<OwnedObject>): OwnedObject => ({
  kind: "container",
  id: "id",
  name: "name",
  role: "main",
  run: "earlier",
  workspace: "w-1",
  generation: 1,
  home: "h-1",
  created: NOW - SWEEP_GRACE,
  joins: undefined,
  isRunning: true,
  ...over,
});
const pooled = { role: "guard", workspace: undefined, generation: undefined } as const;
const swept = (objects: OwnedObject[], guards: string[] = []) =>
  sweepable(objects, {
    run: "now",
    now: NOW,
    isAlive: (workspace, generation) => workspace === "live" && generation === 2,
    guards: new Set(guards),
  }).map(({ id }) => id);

describe("what may be swept", () => {
  test("a generation that does not live, once its grace is over", () => {
    expect(
      swept([object({ workspace: "live", generation: 1, id: "old" }), object({ workspace: "live", generation: 2, id: "new" })]),
    ).toEqual(["old"]);
    expect(swept([object({ created: NOW - SWEEP_GRACE + 1 })])).toEqual([]);
  });

  test("a volume object of a generation that does not live", () =>
    expect(swept([object({ kind: "volume", role: "volume", id: "v" })])).toEqual(["v"]));

  test("a guard only when nobody has joined or holds it", () => {
    const joined = object({ ...pooled, id: "g1" });
    const held = object({ ...pooled, id: "g2" });
    const lost = object({ ...pooled, id: "g3" });
    expect(swept([joined, held, lost, object({ workspace: "live", generation: 2, joins: "g1" })], ["g2"])).toEqual(["g3"]);
  });

  test("a guard goes with the main container that has joined it", () => {
    expect(swept([object({ ...pooled, id: "g1" }), object({ id: "m", joins: "g1" })])).toEqual(["m", "g1"]);
  });

  test("what this process made is given longer", () => {
    expect(swept([object({ ...pooled, run: "now" })])).toEqual([]);
    expect(swept([object({ ...pooled, run: "now", created: NOW - OWN_GRACE })])).toEqual(["id"]);
  });

  test("builds of processes that died, not our own", () => {
    const build = { role: "build", workspace: undefined, generation: undefined, created: 0 } as const;
    expect(swept([object({ ...build, id: "theirs" }), object({ ...build, id: "ours", run: "now" })])).toEqual(["theirs"]);
  });
});

test("sweeps after the grace and then at intervals, also after one has failed", async () => {
  const clock = new ManualClock();
  let sweeps = 0;
  const turn = () => new Promise(setImmediate);
  const sweeper = new Sweeper({
    clock,
    log: silentLog,
    sweep: async () => {
      if (++sweeps === 1) throw new Error("the engine is away");
    },
  });
  sweeper.begin();
  clock.advance(SWEEP_GRACE - 1);
  expect(sweeps).toBe(0);
  clock.advance(1);
  await turn();
  expect(sweeps).toBe(1);
  clock.advance(SWEEP_EVERY);
  await turn();
  expect(sweeps).toBe(2);
  await sweeper.close();
  clock.advance(10 * SWEEP_EVERY);
  expect(sweeps).toBe(2);
});

test("a guard is shown with the sandbox that has joined it, else as pooled", () => {
  const objects = [
    object({ id: "m", joins: "g1", name: "main" }),
    object({ ...pooled, id: "g1", name: "one" }),
    object({ ...pooled, id: "g2", name: "two" }),
  ];
  expect(describeOwned(objects)).toEqual([
    { workspace: "w-1", generation: 1, role: "sandbox", name: "main" },
    { workspace: "w-1", generation: 1, role: "sandbox", name: "one" },
    { workspace: undefined, generation: undefined, role: "pooled", name: "two" },
  ]);
});
