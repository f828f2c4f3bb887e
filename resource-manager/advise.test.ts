import { expect, it } from "vitest";
import { advise } from "./advise.ts";
import { decide } from "./decide.ts";
import { allocation, amounts, demand, node } from "./example.fixture.ts";
import { queueOf } from "./queue.ts";
import { emptySnapshot, snapshotOf } from "./snapshot.ts";

const { snapshot } = decide(
  snapshotOf({
    nodes: [node("n1", 8, 8)],
    allocations: [allocation("x", "n1", amounts(6, 6))],
    queue: [demand("w", amounts(4, 4), { since: 1 })],
    settings: { bypassLimit: 5 },
  }),
  [],
);

it("says what would start, wait or never fit, and changes nothing", () => {
  expect(advise(snapshot, demand("new", amounts(1, 1), { since: 2 }))).toEqual({ kind: "would_start", node: "n1" });
  expect(advise(snapshot, demand("new", amounts(3, 1), { since: 2 }))).toEqual({
    kind: "would_wait",
    reason: "waiting_for_room",
    place: 2,
    turn: 0,
    short: [{ dimension: "cpu", needs: 3000, has: 2000 }],
    node: "n1",
  });
  expect(advise(snapshot, demand("new", amounts(3, 9), { since: 2 }))).toMatchObject({ kind: "never_fits", largest: { cpu: 8000 } });
  expect(queueOf(snapshot).map(({ id }) => id)).toEqual(["w"]);
});

it("answers for what waits or is allocated already from the account", () => {
  expect(advise(snapshot, demand("w", amounts(1, 1)))).toMatchObject({ kind: "would_wait", place: 1 });
  expect(advise(snapshot, demand("x", amounts(1, 1)))).toEqual({ kind: "would_start", node: "n1" });
});

it("has what arrives wait while no node is known", () => {
  expect(advise(emptySnapshot({ bypassLimit: 5 }), demand("new", amounts(1, 1)))).toEqual({
    kind: "would_wait",
    reason: "waiting_for_room",
    place: 1,
    turn: 0,
    short: [],
    node: null,
  });
});
