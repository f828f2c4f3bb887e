import { describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { Activity } from "./activity.ts";
import { idlenessOf, idleSentence } from "./idleness.ts";

const MINUTE = 60_000;
const POLICY = { after: 30 * MINUTE };

describe("idle is who did nothing for as long as is allowed", () => {
  test.each([
    ["just ready", {}, 0, "used", 30],
    ["ready and left alone", {}, 24, "used", 6],
    ["about to be over", {}, 25, "warned", 5],
    ["over", {}, 30, "over", 0],
    ["long over", {}, 300, "over", 0],
    ["somebody typed", { input: 20 }, 30, "used", 20],
    ["something computed", { cpu: 29 }, 30, "used", 29],
    ["something was launched", { launch: 10 }, 36, "warned", 4],
    ["its person wants to keep it", { kept: 29 }, 58, "warned", 1],
  ] as const)("%s", (_what, minutes, now, state, left) => {
    const last = Object.fromEntries(Object.entries(minutes).map(([kind, at]) => [kind, at * MINUTE]));
    expect(idlenessOf(last, 0, now * MINUTE, POLICY)).toMatchObject({ state, left: left * MINUTE });
  });

  test("the reason names every signal with its time", () => {
    const idle = idlenessOf({ input: 2 * MINUTE }, 0, 27 * MINUTE, POLICY);
    expect(idleSentence(idle)).toBe(
      "idle for 25 min (nothing was sent into it for 25 min, no application began or ended for 27 min, its programs computed nothing for 27 min); suspended in 5 min unless it is used or kept",
    );
  });

  test("a clock that is set makes nobody idle", () => {
    const clock = new ManualClock();
    const activity = new Activity(clock);
    activity.note("w", "input");
    const before = activity.last("w");
    clock.advance(1_000);
    expect(activity.last("w")).toEqual(before);
    activity.note("w", "cpu");
    expect(activity.last("w").cpu).toBe((before.input ?? 0) + 1_000);
    activity.forget("w");
    expect(activity.last("w")).toEqual({});
  });
});
