import { expect, it } from "vitest";
import { amounts, node } from "./example.fixture.ts";
import type { Advice, Decision, Shortage } from "./model.ts";
import { sentenceOf } from "./sentences.ts";

const GIB = 2 ** 30;
const ram: Shortage = { dimension: "ram", needs: 4 * GIB, has: 2.5 * GIB };
const cpu: Shortage = { dimension: "cpu", needs: 8000, has: 500 };
const egress: Shortage = { dimension: "egress", needs: 50e6, has: 10e6 };
const waits = { kind: "waits", id: "w", reason: "waiting_for_room", place: 3, turn: 0, short: [ram], node: "node-1" } as const;
const refused = {
  kind: "refused",
  id: "w",
  short: [{ dimension: "ram", needs: 64 * GIB, has: 22 * GIB }],
  largest: node("", 8, 22).capacity,
} as const;

const SENTENCES: readonly (readonly [Decision | Advice, string])[] = [
  [waits, "needs 4 GiB ram; node-1 has 2.5 GiB free; 2 workspaces are ahead of you"],
  [{ ...waits, place: 2, short: [cpu] }, "needs 8 cpu; node-1 has 0.5 cpu free; 1 workspace is ahead of you"],
  [
    { ...waits, place: 1, short: [cpu, ram, egress] },
    "needs 8 cpu, 4 GiB ram and 50 Mbit/s out; node-1 has 0.5 cpu, 2.5 GiB ram and 10 Mbit/s out free; it is next in the queue",
  ],
  [{ ...waits, short: [], node: null, place: 1 }, "no node that could take it is there; it is next in the queue"],
  [
    { ...waits, reason: "waiting_in_line", short: [] },
    "node-1 has room, but it is held for a workspace that others passed often enough; 2 workspaces are ahead of you",
  ],
  [
    { kind: "would_wait", reason: "waiting_for_room", place: 2, turn: 0, short: [ram], node: "node-1" },
    "needs 4 GiB ram; node-1 has 2.5 GiB free; 1 workspace is ahead of you",
  ],
  [
    { ...waits, turn: 4 },
    "needs 4 GiB ram; node-1 has 2.5 GiB free; 2 workspaces are ahead of you; you have 4 before this one, and who has fewer comes first",
  ],
  [refused, "asks for 64 GiB ram; the largest that one node could grant is 22 GiB"],
  [
    { kind: "never_fits", short: [ram, cpu], largest: { ...amounts(4, 4), cpu: 500, ram: 2.5 * GIB } },
    "asks for 4 GiB ram and 8 cpu; the largest that one node could grant is 2.5 GiB ram and 0.5 cpu",
  ],
  [
    { ...refused, largest: node("", 8, 80).capacity },
    "asks for 64 GiB ram; the largest that one node could grant with the rest of the demand is 22 GiB",
  ],
  [{ ...refused, short: [] }, "asks for the node that has its home, and that node is not there"],
  [
    { kind: "admitted", id: "w", node: "node-1", amounts: amounts(2, 4) },
    "starts on node-1 with 2 cpu, 4 GiB ram, 1 GiB storage, 1 Mbit/s in, 1 Mbit/s out",
  ],
  [{ kind: "would_start", node: "node-1" }, "would start now on node-1"],
];

it.each(SENTENCES)("says %o", (answer, sentence) => {
  expect(sentenceOf(answer)).toBe(sentence);
});

it("calls nodes as the caller does", () => {
  expect(sentenceOf(waits, (id) => `the machine "${id}"`)).toContain('the machine "node-1" has 2.5 GiB free');
});
