import fc from "fast-check";
import { expect, it } from "vitest";
import { amounts, demand } from "./example.fixture.ts";
import { join, type Line, leave, rejoin, turnOverdue } from "./line.ts";
import { compareQueued, type Queued } from "./order.ts";

const arbitrarySteps = fc.array(
  fc.record({
    kind: fc.constantFrom("joins", "joins", "admitted", "withdrawn", "settled", "turns", "turns"),
    choice: fc.nat(1000),
    since: fc.nat(50),
    turn: fc.nat(3),
  }),
  { maxLength: 120, size: "max" },
);

it("knows of each demand how often it was passed while it waited", () => {
  fc.assert(
    fc.property(arbitrarySteps, fc.integer({ min: 0, max: 4 }), (steps, limit) => {
      let line: Line = null;
      let waiting: { demand: Queued; passed: number }[] = [];
      const overdue = new Set<string>();
      for (const [at, { kind, choice, since, turn }] of steps.entries()) {
        const chosen = waiting[choice % Math.max(1, waiting.length)];
        if (kind === "joins" || chosen === undefined) {
          const joining = { ...demand(`d${at}`, amounts(1, 1), { since }), turn };
          line = join(line, joining);
          waiting.push({ demand: joining, passed: 0 });
        } else if (kind === "turns") {
          const other = { ...chosen.demand, turn };
          line = rejoin(line, chosen.demand, other);
          chosen.demand = other;
        } else if (kind === "settled") {
          const { line: settled, found } = turnOverdue(line, chosen.demand, limit);
          line = settled;
          const due = waiting.filter(
            (entry) => compareQueued(entry.demand, chosen.demand) < 0 && entry.passed >= limit && !overdue.has(entry.demand.id),
          );
          expect(found).toEqual(due.map((entry) => entry.demand).sort(compareQueued));
          for (const { id } of found) overdue.add(id);
        } else {
          line = leave(line, chosen.demand, kind === "admitted");
          waiting = waiting.filter((entry) => entry !== chosen);
          if (kind === "admitted") for (const entry of waiting) if (compareQueued(entry.demand, chosen.demand) < 0) entry.passed++;
        }
      }
    }),
    { numRuns: 300 },
  );
});
