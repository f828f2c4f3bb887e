import { USE_NAMES, type Use } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { Activity, type Uses } from "./activity.ts";
import { idlenessOf, idleSentence } from "./idleness.ts";

const MINUTE = 60_000;
const POLICY = { after: 30 * MINUTE };

function usesOf(minutes: Partial<Record<Use, number>>, lasting: readonly Use[] = []): Uses {
  return { last: Object.fromEntries(Object.entries(minutes).map(([use, at]) => [use, at * MINUTE])), lasting };
}

describe("idle is who did nothing for as long as is allowed", () => {
  test.each<[string, Uses, number, string, number]>([
    ["just ready", usesOf({}), 0, "used", 30],
    ["ready and left alone", usesOf({}), 24, "used", 6],
    ["about to be over", usesOf({}), 25, "warned", 5],
    ["over", usesOf({}), 30, "over", 0],
    ["long over", usesOf({}), 300, "over", 0],
    ["somebody typed", usesOf({ input: 20 }), 30, "used", 20],
    ["a program printed to somebody attached", usesOf({ output: 29 }), 31, "used", 28],
    ["a command was waited for until now", usesOf({ input: 1, command: 50 }), 51, "used", 29],
    ["a command is waited for", usesOf({ input: 1 }, ["command"]), 500, "used", 30],
    ["an upload is under way", usesOf({}, ["transfer"]), 31, "used", 30],
    ["a web application was acted in", usesOf({ web: 28 }), 32, "used", 26],
    ["a kernel said that it works", usesOf({ busy: 30 }), 59, "warned", 1],
    ["something computed", usesOf({ cpu: 29 }), 30, "used", 29],
    ["something was launched", usesOf({ launch: 10 }), 36, "warned", 4],
    ["its person wants to keep it", usesOf({ kept: 29 }), 58, "warned", 1],
  ])("%s", (_what, uses, now, state, left) => {
    expect(idlenessOf(uses, 0, now * MINUTE, POLICY)).toMatchObject({ state, left: left * MINUTE });
  });

  test("the last use is named with its time, and the one before it", () => {
    const idle = idlenessOf(usesOf({ input: 2, cpu: 1 }), 0, 27 * MINUTE, POLICY);
    expect(idleSentence(idle)).toBe(
      "idle for 25 min (last use: something was typed or sent into it); suspended in 5 min unless it is used or kept",
    );
    expect(idle.why).toBe("last use 25 min ago: something was typed or sent into it; before that: its programs computed, 26 min ago");
    expect(idle.uses.map(({ use }) => use)).toEqual(["input", "cpu", "ready"]);
  });

  test("what was before it became ready belongs to another life", () => {
    expect(idlenessOf(usesOf({ input: 4 }), 5 * MINUTE, 7 * MINUTE, POLICY).uses).toEqual([{ use: "ready", ago: 2 * MINUTE }]);
  });

  /** Becoming ready is no act. */
  const NOTED = USE_NAMES.filter((use) => use !== "ready");
  const time = fc.integer({ min: 0, max: 1000 });
  const uses = fc.record({
    last: fc.dictionary(fc.constantFrom(...NOTED), time) as fc.Arbitrary<Uses["last"]>,
    lasting: fc.uniqueArray(fc.constantFrom(...NOTED), { maxLength: 2 }),
  });

  test("a further use never brings the end nearer, and what lasts is never warned", () => {
    fc.assert(
      fc.property(uses, time, time, fc.constantFrom(...NOTED), fc.integer({ min: 1, max: 500 }), (used, since, waited, use, after) => {
        const now = since + waited;
        const idle = idlenessOf(used, since, now, { after });
        const more = idlenessOf({ ...used, last: { ...used.last, [use]: Math.max(now, used.last[use] ?? 0) } }, since, now, { after });
        expect(more.left).toBeGreaterThanOrEqual(idle.left);
        expect(more).toMatchObject({ left: after, state: "used" });
        if (used.lasting.length > 0) expect(idle).toMatchObject({ state: "used", idleFor: 0 });
      }),
    );
  });

  test("the first use is the last one, it is as old as the idle time, and nothing is older than the workspace", () => {
    fc.assert(
      fc.property(uses, time, time, fc.integer({ min: 1, max: 500 }), (used, since, waited, after) => {
        const { idleFor, left, state, uses: past } = idlenessOf(used, since, since + waited, { after });
        expect(past[0].ago).toBe(idleFor);
        expect(past.map(({ ago }) => ago)).toEqual(past.map(({ ago }) => ago).sort((a, b) => a - b));
        expect(Math.max(...past.map(({ ago }) => ago))).toBeLessThanOrEqual(waited);
        expect(left === 0).toBe(state === "over");
        expect(left).toBe(Math.max(0, after - idleFor));
      }),
    );
  });
});

describe("activity", () => {
  test("a clock that is set makes nobody idle", () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    activity.note("w", "input");
    const before = activity.of("w");
    clock.advance(1_000);
    expect(activity.of("w")).toEqual(before);
    activity.note("w", "cpu");
    expect(activity.of("w").last.cpu).toBe((before.last.input ?? 0) + 1_000);
  });

  test("what lasts is use until it is over, each for itself, and a second end changes nothing", () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    const [one, two] = [activity.begin("w", "command"), activity.begin("w", "command")];
    expect(activity.of("w")).toEqual({ last: {}, lasting: ["command"] });
    clock.advance(100);
    one();
    one();
    expect(activity.of("w")).toEqual({ last: { command: 100 }, lasting: ["command"] });
    clock.advance(100);
    two();
    expect(activity.of("w")).toEqual({ last: { command: 200 }, lasting: [] });
  });

  test("others are forgotten, but not while something lasts in them", () => {
    const activity = new Activity(new ManualClock());
    for (const workspace of ["kept", "gone"]) activity.note(workspace, "input");
    const over = activity.begin("copying", "transfer");
    activity.keepOnly(new Set(["kept"]));
    expect([activity.of("kept").last, activity.of("gone").last, activity.of("copying").lasting]).toEqual([{ input: 0 }, {}, ["transfer"]]);
    over();
    activity.keepOnly(new Set());
    expect(activity.of("copying")).toEqual({ last: {}, lasting: [] });
  });
});
