import { describe, expect, it } from "vitest";
import { accountOf } from "./account.ts";
import { decide, FRONT } from "./decide.ts";
import {
  allocation,
  amounts,
  arrived,
  demand,
  type Example,
  line,
  linesOf,
  node,
  released,
  resized,
  taken,
  withdrawn,
} from "./example.fixture.ts";
import { placeOf, queueOf } from "./queue.ts";
import { snapshotOf } from "./snapshot.ts";

const small = amounts(1, 1);
const half = amounts(4, 4);
const large = amounts(8, 8);
const n1 = node("n1", 8, 8);
const n2 = node("n2", 8, 8);

const CASES: readonly Example[] = [
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
    given: "who holds less comes first, and a person's own wait in their order",
    nodes: [n1],
    allocations: [{ ...allocation("x", "n1", large), person: "ann" }],
    queue: [
      demand("a1", half, { since: 1, person: "ann" }),
      demand("a2", half, { since: 2, person: "ann" }),
      demand("b1", half, { since: 3, person: "bob" }),
      demand("b2", half, { since: 4, person: "bob" }),
    ],
    changes: [[released("x")]],
    expect: [
      ["b1 waiting_for_room #1 n1", "a1 waiting_for_room #2 n1", "b2 waiting_for_room #3 n1", "a2 waiting_for_room #4 n1"],
      ["a1 on n1", "b1 on n1", "a2 waiting_for_room #1 n1", "b2 waiting_for_room #2 n1"],
    ],
  },
  {
    given: "fourteen of one person: the next person is second, and first as soon as one of them runs",
    nodes: [n1],
    allocations: [allocation("x", "n1", large)],
    queue: Array.from({ length: 14 }, (_, at) => demand(`a${at + 10}`, half, { since: at, person: "ann" })),
    changes: [
      [arrived(demand("b", half, { since: 99, person: "bob" }))],
      [released("x"), withdrawn("b")],
      [arrived(demand("b", half, { since: 99, person: "bob" }))],
    ],
    expect: [
      Array.from({ length: 14 }, (_, at) => `a${at + 10} waiting_for_room #${at + 1} n1`),
      ["b waiting_for_room #2 n1", ...Array.from({ length: 13 }, (_, at) => `a${at + 11} waiting_for_room #${at + 3} n1`)],
      ["a10 on n1", "a11 on n1", ...Array.from({ length: 12 }, (_, at) => `a${at + 12} waiting_for_room #${at + 1} n1`)],
      ["b waiting_for_room #1 n1", ...Array.from({ length: 12 }, (_, at) => `a${at + 12} waiting_for_room #${at + 2} n1`)],
    ],
  },
  {
    given: "priority before what somebody holds; a home that is kept is nobody's workspace",
    nodes: [n1],
    allocations: [
      { ...allocation("x", "n1", half), person: "ann" },
      { ...allocation("home", "n1", half), person: null },
    ],
    queue: [demand("b", half, { person: "bob" }), demand("a", half, { since: 1, priority: 300, person: "ann" })],
    expect: [["a waiting_for_room #1 n1", "b waiting_for_room #2 n1"]],
  },
  {
    given: "the fuller node with room is filled first, so that the large block stays whole",
    nodes: [n1, n2],
    allocations: [allocation("x", "n2", small)],
    queue: [demand("a", small, { since: 1 }), demand("b", large, { since: 2 })],
    expect: [["a on n2", "b on n1"]],
  },
  {
    given: "room that a home keeps of its workspace's is taken, the rest is free; the same name twice counts once",
    nodes: [n1],
    allocations: [allocation("x", "n1", large)],
    queue: [demand("a", half)],
    changes: [
      [released("x"), taken(allocation("home", "n1", half)), taken(allocation("home", "n1", half))],
      [arrived(demand("b", half))],
      [released("home")],
    ],
    expect: [["a waiting_for_room #1 n1"], ["a on n1"], ["b waiting_for_room #1 n1"], ["b on n1"]],
  },
  {
    given: "an allocation grows into what is free, no further; what it gives back is somebody else's at once",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    changes: [
      [resized("x", large)],
      [resized("x", amounts(9, 8))],
      [arrived(demand("a", half))],
      [resized("x", half)],
      [resized("gone", half)],
    ],
    expect: [[], ["x resized"], ["x not resized: cpu"], ["a waiting_for_room #1 n1"], ["x resized", "a on n1"], ["gone not resized: held"]],
  },
  {
    given: "room that is held for who waits is not grown into",
    nodes: [n1],
    limit: 0,
    allocations: [allocation("x", "n1", half), allocation("y", "n1", small)],
    queue: [demand("a", large)],
    changes: [[arrived(demand("b", small))], [resized("x", amounts(5, 5))], [resized("x", small)]],
    expect: [["a waiting_for_room #1 n1"], ["b waiting_in_line #2 n1"], ["x not resized: held"], ["x resized"]],
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
    given: "larger than what others leave of a node now: it waits, for they may leave more; larger than the whole node: refused",
    nodes: [{ ...n1, ceiling: node("n1", 8, 16).capacity }],
    queue: [demand("a", amounts(1, 12)), demand("b", amounts(1, 17))],
    changes: [[{ kind: "nodes", nodes: [node("n1", 8, 16)] }]],
    expect: [["b refused", "a waiting_for_room #1 n1"], ["a on n1"]],
  },
  {
    given: "where more is allocated than there is now, who asks for none of that still starts",
    nodes: [n1],
    allocations: [allocation("x", "n1", amounts(1, 9))],
    queue: [demand("a", small), demand("b", amounts(1, 0))],
    expect: [["b on n1", "a waiting_for_room #1 n1"]],
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
];

describe("decide", () => {
  for (const example of CASES) {
    it(`given ${example.given}`, () => {
      expect(linesOf(example)).toEqual(example.expect);
    });
  }

  it("names what is short, and the largest that could be granted", () => {
    const snapshot = snapshotOf({
      nodes: [n1],
      allocations: [allocation("x", "n1", amounts(6, 1))],
      queue: [demand("w", half), demand("never", amounts(1, 64))],
      settings: { bypassLimit: 3 },
    });
    const { decisions } = decide(snapshot, []);
    expect(decisions).toEqual([
      { kind: "refused", id: "never", short: [{ dimension: "ram", needs: 64 * 2 ** 30, has: 8 * 2 ** 30 }], largest: n1.capacity },
      {
        kind: "waits",
        id: "w",
        reason: "waiting_for_room",
        place: 1,
        turn: 0,
        short: [{ dimension: "cpu", needs: 4000, has: 2000 }],
        node: "n1",
      },
    ]);
  });

  it("tells new places to the front of the queue alone, and knows every place", () => {
    const queue = Array.from({ length: FRONT + 5 }, (_, at) => demand(`w${String(at).padStart(2, "0")}`, large, { since: at }));
    const cold = snapshotOf({ nodes: [n1], allocations: [allocation("x", "n1", large)], queue, settings: { bypassLimit: 3 } });
    const first = decide(cold, []);
    expect(first.decisions).toHaveLength(FRONT + 5);
    const second = decide(first.snapshot, [released("x")]);
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
    ).snapshot;
    const seen = [accountOf(before), queueOf(before)];
    const once = decide(before, [released("x"), withdrawn("a")]);
    const twice = decide(before, [released("x"), withdrawn("a")]);
    expect(twice.decisions).toEqual(once.decisions);
    expect([accountOf(before), queueOf(before)]).toEqual(seen);
  });
});
