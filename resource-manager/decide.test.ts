import { describe, expect, it } from "vitest";
import { accountOf } from "./account.ts";
import { decide, FRONT } from "./decide.ts";
import { allocation, amounts, arrived, demand, line, node, released, withdrawn } from "./example.fixture.ts";
import type { Allocation, Change, Demand, Node } from "./model.ts";
import { placeOf, queueOf } from "./queue.ts";
import { snapshotOf } from "./snapshot.ts";

interface Case {
  readonly given: string;
  readonly nodes: readonly Node[];
  readonly allocations?: readonly Allocation[];
  readonly queue?: readonly Demand[];
  readonly limit?: number;
  /** Each list of changes is one decision. */
  readonly changes?: readonly (readonly Change[])[];
  /** What each decision says; the first speaks of the queue that was given. */
  readonly expect: readonly (readonly string[])[];
}

const small = amounts(1, 1);
const half = amounts(4, 4);
const large = amounts(8, 8);
const n1 = node("n1", 8, 8);
const n2 = node("n2", 8, 8);

const CASES: readonly Case[] = [
  {
    given: "room: it is admitted",
    nodes: [n1],
    queue: [demand("a", small)],
    expect: [["a on n1"]],
  },
  {
    given: "priority before age, age before id",
    nodes: [n1],
    queue: [
      demand("d", large, { since: 2 }),
      demand("c", large, { since: 1 }),
      demand("b", large, { since: 2 }),
      demand("a", large, { since: 3, priority: 300 }),
    ],
    expect: [["a on n1", "c waiting_for_room #1 n1", "b waiting_for_room #2 n1", "d waiting_for_room #3 n1"]],
  },
  {
    given: "the fuller node with room is filled first, so that the large block stays whole",
    nodes: [n1, n2],
    allocations: [allocation("x", "n2", small)],
    queue: [demand("a", small, { since: 1 }), demand("b", large, { since: 2 })],
    expect: [["a on n2", "b on n1"]],
  },
  {
    given: "the smaller node is filled first",
    nodes: [node("big", 16, 16), node("little", 2, 2)],
    queue: [demand("a", small)],
    expect: [["a on little"]],
  },
  {
    given: "too large for every node: refused at once, and not in the queue",
    nodes: [n1, n2],
    queue: [demand("cold", amounts(9, 1))],
    changes: [[arrived(demand("a", amounts(1, 64)))], [arrived(demand("b", small))]],
    expect: [["cold refused"], ["a refused"], ["b on n1"]],
  },
  {
    given: "pinned to a node that is too small, or that is not there: refused",
    nodes: [n1, node("little", 2, 2)],
    changes: [[arrived(demand("a", half, { pinned: "little" })), arrived(demand("b", small, { pinned: "gone" }))]],
    expect: [[], ["a refused", "b refused"]],
  },
  {
    given: "pinned: it waits for its node while another one is empty",
    nodes: [n1, n2],
    allocations: [allocation("x", "n1", large)],
    queue: [demand("a", small, { pinned: "n1" })],
    changes: [[released("x")]],
    expect: [["a waiting_for_room #1 n1"], ["a on n1"]],
  },
  {
    given: "no node known yet: nothing is refused",
    nodes: [],
    queue: [demand("a", large)],
    changes: [[{ kind: "nodes", nodes: [n1] }]],
    expect: [["a waiting_for_room #1 null"], ["a on n1"]],
  },
  {
    given: "what waits goes on waiting when its node goes, and starts when it comes back",
    nodes: [n1, node("little", 2, 2)],
    allocations: [allocation("x", "n1", small)],
    queue: [demand("a", large)],
    changes: [[{ kind: "nodes", nodes: [node("little", 2, 2)] }], [released("x")], [{ kind: "nodes", nodes: [n1] }]],
    expect: [["a waiting_for_room #1 n1"], [], [], ["a on n1"]],
  },
  {
    given: "a node that comes back has its allocations on it",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("a", large)],
    changes: [[{ kind: "nodes", nodes: [] }], [{ kind: "nodes", nodes: [n1] }], [released("x")]],
    expect: [["a waiting_for_room #1 n1"], [], [], ["a on n1"]],
  },
  {
    given: "a node that shrank takes nothing until it is below its capacity",
    nodes: [n1],
    allocations: [allocation("x", "n1", half), allocation("y", "n1", half)],
    changes: [[{ kind: "nodes", nodes: [node("n1", 4, 4)] }, arrived(demand("a", small))], [released("x")], [released("y")]],
    expect: [[], ["a waiting_for_room #1 n1"], [], ["a on n1"]],
  },
  {
    given: "equal demands behind a parked one follow it",
    nodes: [n1],
    allocations: [allocation("x", "n1", large)],
    queue: [demand("a", half, { since: 1 }), demand("b", half, { since: 2 }), demand("c", half, { since: 3 })],
    changes: [[withdrawn("a")], [released("x")]],
    expect: [
      ["a waiting_for_room #1 n1", "b waiting_for_room #2 n1", "c waiting_for_room #3 n1"],
      ["b waiting_for_room #1 n1", "c waiting_for_room #2 n1"],
      ["b on n1", "c on n1"],
    ],
  },
  {
    given: "the same change told twice changes nothing",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("a", large)],
    changes: [
      [arrived(demand("a", small)), arrived(demand("x", small)), released("nobody"), withdrawn("nobody")],
      [released("x"), released("x")],
    ],
    expect: [["a waiting_for_room #1 n1"], [], ["a on n1"]],
  },
  {
    given: "a displaced one keeps its seniority",
    nodes: [n1],
    allocations: [allocation("x", "n1", large)],
    queue: [demand("a", large, { since: 5 })],
    changes: [[released("x"), arrived(demand("x", large, { since: 1 }))]],
    expect: [["a waiting_for_room #1 n1"], ["x on n1"]],
  },
  {
    given: "a waiting one is passed as often as the limit says; then the room is held for it",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w", large, { since: 1 })],
    limit: 2,
    changes: [
      [arrived(demand("a", small, { since: 2 }))],
      [arrived(demand("b", small, { since: 3 }))],
      [arrived(demand("c", small, { since: 4 }))],
      [released("x"), released("a")],
      [released("b")],
    ],
    expect: [
      ["w waiting_for_room #1 n1"],
      ["a on n1"],
      ["b on n1"],
      ["c waiting_in_line #2 n1"],
      [],
      ["w on n1", "c waiting_for_room #1 n1"],
    ],
  },
  {
    given: "room that is held goes to whom it is held for, past an older one that came later and asks for the same",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w", large, { since: 10 })],
    limit: 1,
    changes: [
      [arrived(demand("a", small, { since: 11 }))],
      [arrived(demand("b", small, { since: 12 }))],
      [arrived(demand("old", large, { since: 1 }))],
      [released("x"), released("a")],
    ],
    expect: [
      ["w waiting_for_room #1 n1"],
      ["a on n1"],
      ["b waiting_in_line #2 n1"],
      ["old waiting_for_room #1 n1", "w waiting_for_room #2 n1", "b waiting_in_line #3 n1"],
      ["w on n1", "b waiting_for_room #2 n1"],
    ],
  },
  {
    given: "limit 0: nothing passes",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w", large, { since: 1 })],
    limit: 0,
    changes: [[arrived(demand("a", small, { since: 2 }))]],
    expect: [["w waiting_for_room #1 n1"], ["a waiting_in_line #2 n1"]],
  },
  {
    given: "held room is open to higher priorities alone, and other nodes to everybody",
    nodes: [n1, n2],
    allocations: [allocation("x", "n1", half), allocation("y", "n2", amounts(5, 5))],
    queue: [demand("w", large, { since: 1 })],
    limit: 1,
    changes: [
      [arrived(demand("s", small, { since: 2 }))],
      [arrived(demand("a", half, { since: 3 }))],
      [arrived(demand("b", half, { since: 4, priority: 300 }))],
      [arrived(demand("c", small, { since: 5 }))],
      [released("b")],
      [released("x")],
    ],
    expect: [
      ["w waiting_for_room #1 n1"],
      ["s on n2"],
      ["a waiting_in_line #2 n1"],
      ["b on n1", "a waiting_for_room #2 n2"],
      ["c on n2"],
      ["a waiting_in_line #2 n1"],
      ["w on n1", "a waiting_for_room #1 n2"],
    ],
  },
  {
    given: "a hold ends when its demand goes, and the room is given out in the same decision",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w", large, { since: 1 })],
    limit: 0,
    changes: [[arrived(demand("a", half, { since: 2 }))], [withdrawn("w")]],
    expect: [["w waiting_for_room #1 n1"], ["a waiting_in_line #2 n1"], ["a on n1"]],
  },
  {
    given: "room is held for the higher priority when two are overdue for one node",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w", large, { since: 1 })],
    limit: 0,
    changes: [
      [arrived(demand("a", small, { since: 2 }))],
      [arrived(demand("v", large, { since: 3, priority: 300 }))],
      [arrived(demand("b", small, { since: 4, priority: 300 }))],
      [released("x")],
      [released("v")],
    ],
    expect: [
      ["w waiting_for_room #1 n1"],
      ["a waiting_in_line #2 n1"],
      ["v waiting_for_room #1 n1", "w waiting_for_room #2 n1", "a waiting_in_line #3 n1"],
      ["b waiting_in_line #2 n1", "w waiting_for_room #3 n1", "a waiting_in_line #4 n1"],
      ["v on n1", "b waiting_for_room #1 n1", "w waiting_for_room #2 n1", "a waiting_for_room #3 n1"],
      ["b on n1", "w waiting_for_room #1 n1", "a waiting_in_line #2 n1"],
    ],
  },
];

describe("decide", () => {
  for (const example of CASES) {
    it(`given ${example.given}`, () => {
      const { nodes, allocations = [], queue = [], limit = 100 } = example;
      let snapshot = snapshotOf({ nodes, allocations, queue, settings: { bypassLimit: limit } });
      const told: string[][] = [];
      for (const changes of [[], ...(example.changes ?? [])]) {
        const result = decide(snapshot, changes, 0);
        snapshot = result.snapshot;
        told.push(result.decisions.map(line));
      }
      expect(told).toEqual(example.expect);
    });
  }

  it("names what is short, and the largest that could be granted", () => {
    const snapshot = snapshotOf({
      nodes: [n1],
      allocations: [allocation("x", "n1", amounts(6, 1))],
      queue: [demand("w", half), demand("never", amounts(1, 64))],
      settings: { bypassLimit: 3 },
    });
    const { decisions } = decide(snapshot, [], 0);
    expect(decisions).toEqual([
      { kind: "refused", id: "never", short: [{ dimension: "ram", needs: 64 * 2 ** 30, has: 8 * 2 ** 30 }], largest: n1.capacity },
      { kind: "waits", id: "w", reason: "waiting_for_room", place: 1, short: [{ dimension: "cpu", needs: 4000, has: 2000 }], node: "n1" },
    ]);
  });

  it("tells new places to the front of the queue alone, and knows every place", () => {
    const queue = Array.from({ length: FRONT + 5 }, (_, at) => demand(`w${String(at).padStart(2, "0")}`, large, { since: at }));
    const cold = snapshotOf({ nodes: [n1], allocations: [allocation("x", "n1", large)], queue, settings: { bypassLimit: 3 } });
    const first = decide(cold, [], 0);
    expect(first.decisions).toHaveLength(FRONT + 5);
    const second = decide(first.snapshot, [released("x")], 0);
    expect(second.decisions.map(line).slice(0, 2)).toEqual(["w00 on n1", "w01 waiting_for_room #1 n1"]);
    expect(second.decisions).toHaveLength(FRONT + 1);
    expect(placeOf(second.snapshot, `w${FRONT + 4}`)).toBe(FRONT + 4);
    expect(placeOf(second.snapshot, "w00")).toBeUndefined();
    expect(queueOf(second.snapshot).map(({ place }) => place)).toEqual(queue.slice(1).map((_, at) => at + 1));
  });

  it("leaves the snapshot that it was given as it was", () => {
    const before = decide(
      snapshotOf({
        nodes: [n1, n2],
        allocations: [allocation("x", "n1", large), allocation("y", "n2", half)],
        queue: [demand("a", large, { since: 1 }), demand("b", half, { since: 2 }), demand("c", half, { since: 3 })],
        settings: { bypassLimit: 0 },
      }),
      [],
      0,
    ).snapshot;
    const seen = [accountOf(before), queueOf(before)];
    const once = decide(before, [released("x"), withdrawn("a")], 0);
    const twice = decide(before, [released("x"), withdrawn("a")], 0);
    expect(twice.decisions).toEqual(once.decisions);
    expect([accountOf(before), queueOf(before)]).toEqual(seen);
  });
});
