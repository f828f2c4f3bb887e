import type { Preferences, WorkspaceEvent, WorkspaceState } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextTry, rowsOf, toldOfEnd, toldOfIdleness, toldOfState } from "./what-is-told.ts";

const ROW = { id: "w-1", owner: "local#ada", persona: "analyst", personaName: "Analyst", environment: "production", name: "main" } as const;
const MINUTE = 60_000;

/** States with the minute in which each was entered. */
function told(...states: readonly [WorkspaceState, number, string?][]) {
  const events = states.map(
    ([state, minute, reason], index): WorkspaceEvent => ({
      ...{ id: `w-1.${index + 1}`, kind: "state", workspace: "w-1", at: new Date(minute * MINUTE).toISOString(), state },
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  return toldOfState({ ...ROW, state: states.at(-1)?.[0] ?? "queued" }, events);
}

describe("who waited is told when it is over", () => {
  test.each<[string, string | undefined, readonly [WorkspaceState, number][]]>([
    [
      "in the queue",
      "It took 5 min.",
      [
        ["queued", 0],
        ["provisioning", 4],
        ["ready", 5],
      ],
    ],
    [
      "for its image",
      "It took 3 min.",
      [
        ["queued", 1],
        ["provisioning", 1],
        ["ready", 4],
      ],
    ],
    [
      "again, after a fault on the way",
      "It took 6 min.",
      [
        ["queued", 0],
        ["provisioning", 1],
        ["queued", 2],
        ["provisioning", 3],
        ["ready", 6],
      ],
    ],
    [
      "not",
      undefined,
      [
        ["queued", 0],
        ["provisioning", 0],
        ["ready", 0.4],
      ],
    ],
    [
      "for its resuming alone",
      undefined,
      [
        ["queued", 0],
        ["ready", 5],
        ["suspended", 60],
        ["queued", 90],
        ["provisioning", 90],
        ["ready", 90.1],
      ],
    ],
    [
      "when its sandbox was lost",
      "It took 2 min.",
      [
        ["ready", 5],
        ["provisioning", 60],
        ["ready", 62],
      ],
    ],
    [
      "and is on the way still",
      undefined,
      [
        ["queued", 0],
        ["provisioning", 9],
      ],
    ],
  ])("%s", (_, message, states) => expect(told(...states)?.notice.message).toBe(message));

  test("under the event's id, with its name, once it is ready and not later", () => {
    expect(told(["queued", 0], ["ready", 9])).toMatchObject({
      id: "w-1.2",
      owner: "local#ada",
      notice: { kind: "ready", title: "Analyst is ready" },
    });
    expect(toldOfState({ ...ROW, state: "suspended" }, [])).toBeUndefined();
  });
});

test("who has failed is told why, in the words that everybody gets, however soon", () => {
  expect(told(["queued", 0], ["failed", 0, "start_failed"])?.notice).toMatchObject({
    kind: "failed",
    title: "Analyst has failed",
    message: "The sandbox could not be started. Its files are kept; open it to try again.",
  });
});

test("an end is told a quarter of an hour before, of a short life before its last quarter, once", () => {
  const end = (now: number, lifetime: number) => toldOfEnd({ ...ROW, readyAt: 0, expiresAt: lifetime * MINUTE }, now * MINUTE);
  expect([end(584, 600), end(585, 600)?.notice.message, end(600, 600)]).toEqual([
    undefined,
    "Its time is over in 15 min. Take out what you need of it.",
    undefined,
  ]);
  expect([end(14, 20), end(15, 20)?.id, end(19, 20)?.id]).toEqual([undefined, "w-1.end.1200000", "w-1.end.1200000"]);
  expect(toldOfEnd({ ...ROW, readyAt: 0, expiresAt: undefined }, 5)).toBeUndefined();
});

test("titles are one line, whatever a persona is called", () => {
  const { notice } = toldOfIdleness({ ...ROW, personaName: "A\r\nBcc: x@y", name: "two", generation: 3 }, "idle for 25 min", 0);
  expect(notice).toMatchObject({ title: "A Bcc: x@y (two) is about to be paused", message: "It is idle for 25 min." });
});

test("nobody is told of what he switched off, and everybody of the rest", () => {
  const kinds = fc.constantFrom("ready", "stopping", "failed");
  const switches = fc.dictionary(kinds, fc.boolean());
  fc.assert(
    fc.property(kinds, switches, (kind, notices) => {
      const one = { id: "x", owner: "o", notice: { kind } } as unknown as Parameters<typeof rowsOf>[0];
      const rows = rowsOf(one, ["webhook", "mail"], { notices } as Preferences, 7);
      expect(rows.map(({ way }) => way)).toEqual(notices[kind] === false ? [] : ["webhook", "mail"]);
    }),
  );
});

test("tries grow apart, and end", () => {
  const tries = [1, 2, 3, 4, 5, 6].map((attempts) => nextTry(attempts, 0, 0));
  expect(tries).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, undefined]);
  expect(nextTry(1, 0, 1)).toBe(5_500);
});
