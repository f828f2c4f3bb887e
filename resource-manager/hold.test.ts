import { describe, expect, it } from "vitest";
import { allocation, amounts, arrived, demand, type Example, linesOf, node, released, withdrawn } from "./example.fixture.ts";

const small = amounts(1, 1);
const half = amounts(4, 4);
const large = amounts(8, 8);
const n1 = node("n1", 8, 8);
const n2 = node("n2", 8, 8);

const CASES: readonly Example[] = [
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
    given: "several overdue for one node: it is held for one after the other",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w1", large, { since: 1 }), demand("w2", large, { since: 2 }), demand("w3", large, { since: 3 })],
    limit: 0,
    changes: [[arrived(demand("a", small, { since: 4 }))], [withdrawn("w1")], [withdrawn("w2")], [withdrawn("w3")]],
    expect: [
      ["w1 waiting_for_room #1 n1", "w2 waiting_for_room #2 n1", "w3 waiting_for_room #3 n1"],
      ["a waiting_in_line #4 n1"],
      ["w2 waiting_for_room #1 n1", "w3 waiting_for_room #2 n1", "a waiting_in_line #3 n1"],
      ["w3 waiting_for_room #1 n1", "a waiting_in_line #2 n1"],
      ["a on n1"],
    ],
  },
  {
    given: "an overdue one that was withdrawn is owed nothing",
    nodes: [n1],
    allocations: [allocation("x", "n1", half)],
    queue: [demand("w1", large, { since: 1 }), demand("w2", large, { since: 2 })],
    limit: 0,
    changes: [[arrived(demand("a", small, { since: 4 }))], [withdrawn("w2")], [withdrawn("w1")]],
    expect: [
      ["w1 waiting_for_room #1 n1", "w2 waiting_for_room #2 n1"],
      ["a waiting_in_line #3 n1"],
      ["a waiting_in_line #2 n1"],
      ["a on n1"],
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

describe("room held for those that were passed too often", () => {
  for (const example of CASES) {
    it(`given ${example.given}`, () => expect(linesOf(example)).toEqual(example.expect));
  }
});
