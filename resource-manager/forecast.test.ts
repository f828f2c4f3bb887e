import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import { allocation, amounts, demand, node } from "./example.fixture.ts";
import { playOut } from "./forecast.ts";
import { emptySnapshot } from "./snapshot.ts";

/** To its end, without a pause. */
function played(...future: Parameters<typeof playOut>): ReadonlyMap<string, number> {
  const steps = playOut(...future);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** One node of 2 cpu; a and b hold one each. */
function full(...waiting: readonly string[]) {
  const changes = [
    { kind: "nodes" as const, nodes: [node("n1", 2, 8)] },
    { kind: "allocated" as const, allocation: allocation("a", "n1", amounts(1, 1)) },
    { kind: "allocated" as const, allocation: allocation("b", "n1", amounts(1, 1)) },
    ...waiting.map((id, at) => ({ kind: "arrived" as const, demand: demand(id, amounts(1, 1), { since: at }) })),
  ];
  return decide(emptySnapshot({ bypassLimit: 4 }), changes).snapshot;
}

describe("a future played out", () => {
  it("admits in queue order as room is given back, and again what those give back that were admitted", () => {
    const future = played(full("c", "d", "e"), { remaining: (id) => (id === "a" ? 100 : 250), held: () => 50 });
    expect([...future]).toEqual([
      ["c", 100],
      ["d", 150],
      ["e", 200],
    ]);
  });

  it("says nothing of who is not admitted: nothing is given back, or not within the ends that are played", () => {
    expect([...played(full("c"), { remaining: () => Number.POSITIVE_INFINITY, held: () => 1 })]).toEqual([]);
    expect([...played(full("c", "d", "e"), { remaining: () => 10, held: () => 5 }, 1)]).toEqual([["c", 10]]);
  });

  it("leaves the snapshot as it was", () => {
    const snapshot = full("c");
    const before = JSON.stringify(snapshot);
    played(snapshot, { remaining: () => 1, held: () => 1 });
    expect(JSON.stringify(snapshot)).toBe(before);
  });
});
