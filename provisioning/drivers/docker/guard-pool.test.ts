import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { Guard } from "./guard.ts";
import { GuardPool } from "./guard-pool.ts";

const turn = () => new Promise(setImmediate);

/** Guards that only know whether they were removed, and can be made to die. */
function engine() {
  const made: { guard: Guard; removed: boolean; die(): void }[] = [];
  let broken = false;
  const start = async (): Promise<Guard> => {
    if (broken) throw new Error("no guard");
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const none = async () => {};
    const entry = { removed: false, die: resolve, guard: {} as Guard };
    entry.guard = {
      id: `g${made.length}`,
      address: "",
      hasIfb: true,
      closed,
      run: async () => ({ output: "", exit: 0 }),
      applyRules: none,
      allow: none,
      deny: none,
      closeAll: none,
      setBandwidth: none,
      remove: async () => {
        entry.removed = true;
        resolve();
      },
    };
    made.push(entry);
    return entry.guard;
  };
  return {
    made,
    start,
    fail: (is: boolean) => {
      broken = is;
    },
  };
}

function pool(size: number) {
  const world = engine();
  const clock = new ManualClock();
  return { ...world, clock, pool: new GuardPool({ size, start: world.start, clock, log: silentLog }) };
}

test("fills itself when opened, hands each guard out once, and refills when told", async () => {
  const { pool: guards, made } = pool(2);
  guards.open();
  await turn();
  expect(guards.waiting.map(({ id }) => id)).toEqual(["g0", "g1"]);
  expect((await guards.take()).id).toBe("g0");
  expect(made.length).toBe(2);
  guards.refill();
  await turn();
  expect(guards.waiting.map(({ id }) => id)).toEqual(["g1", "g2"]);
});

test("an empty pool makes one for the caller", async () => {
  const { pool: guards } = pool(0);
  expect((await guards.take()).id).toBe("g0");
});

test("a pooled guard that dies is removed and replaced", async () => {
  const { pool: guards, made } = pool(1);
  guards.open();
  await turn();
  made[0]?.die();
  await turn();
  expect(made[0]?.removed).toBe(true);
  expect(guards.waiting.map(({ id }) => id)).toEqual(["g1"]);
});

test("tries again after a pause, a longer one each time", async () => {
  const { pool: guards, clock, fail } = pool(1);
  fail(true);
  guards.open();
  await turn();
  clock.advance(500);
  await turn();
  fail(false);
  clock.advance(1_999);
  await turn();
  expect(guards.waiting).toEqual([]);
  clock.advance(1);
  await turn();
  expect(guards.waiting.length).toBe(1);
});

test("closing removes what waits", async () => {
  const { pool: guards, made } = pool(2);
  guards.open();
  await turn();
  await guards.close();
  expect(made.map(({ removed }) => removed)).toEqual([true, true]);
});
