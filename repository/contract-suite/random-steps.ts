import { REASON_NAMES, WORKSPACE_STATES, type WorkspaceState } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRANSITIONS } from "#workspace";
import { AMOUNTS, newWorkspace, type World, withPersona } from "../contract-fixtures.ts";
import type { AnyStep, WorkspaceStep } from "../repository.ts";

type Tried = Pick<AnyStep, "to" | "reason"> & { readonly behind: number; readonly allocate: boolean; readonly free: boolean };

/** Mostly steps that the table has somewhere, so that many are allowed. */
const triedStep: fc.Arbitrary<Tried> = fc
  .record({
    pair: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...TRANSITIONS).map(({ to, reasons }) => ({ to, reason: reasons[0] })) },
      { weight: 1, arbitrary: fc.record({ to: fc.constantFrom(...WORKSPACE_STATES), reason: fc.constantFrom(...REASON_NAMES) }) },
    ),
    behind: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    allocate: fc.boolean(),
    free: fc.boolean(),
  })
  .map(({ pair, ...rest }) => ({ to: pair.to, ...(pair.reason === undefined ? {} : { reason: pair.reason }), ...rest }));

/** What the store should hold, by the rules of workspaces' states alone. */
interface Expected {
  readonly state: WorkspaceState;
  readonly revision: number;
  readonly holds: boolean;
}

function after(row: Expected, tried: Tried): Expected {
  const transition = TRANSITIONS.find(({ from, to }) => from === row.state && to === tried.to);
  const reasonFits = tried.reason === undefined || transition?.reasons.includes(tried.reason) === true;
  const allowed = row.state === tried.to ? row.state !== "released" : transition !== undefined && reasonFits;
  const stillHolds = row.holds && !tried.free;
  const holds = stillHolds || tried.allocate;
  const refused = tried.behind > 0 || !allowed || (stillHolds && tried.allocate) || (tried.to === "released" && holds);
  return refused ? row : { state: tried.to, revision: row.revision + 1, holds };
}

export function randomStepLaws(world: () => World): void {
  describe("any sequence of steps, right and wrong ones", () => {
    it("leaves exactly what the right ones say", async () => {
      const repository = await withPersona(world().repository);
      let runs = 0;
      const property = fc.asyncProperty(fc.array(triedStep, { minLength: 3, maxLength: 12 }), async (sequence) => {
        const id = `ws-${++runs}`;
        const { state, revision } = await newWorkspace(repository, id);
        let expected: Expected = { state, revision, holds: false };
        for (const tried of sequence) {
          const { to, reason, free, allocate, behind } = tried;
          const named = reason === undefined ? {} : { reason };
          const room = allocate ? { allocate: { node: "node-1", amounts: AMOUNTS } } : {};
          const back = free ? { free } : {};
          const step: AnyStep = { id, revision: expected.revision - behind, to, at: 1, ...back, ...named, ...room };
          await repository.move(step as WorkspaceStep).catch(() => undefined);
          expected = after(expected, tried);
        }
        expect(await repository.workspace(id)).toMatchObject({ state: expected.state, revision: expected.revision });
        expect((await repository.allocations()).some(({ workspace }) => workspace === id)).toBe(expected.holds);
        const { events } = await repository.events(id, 0);
        expect(events.at(-1)).toMatchObject({ id: `${id}.${expected.revision}`, state: expected.state });
      });
      await fc.assert(property, { numRuns: 60 });
    });
  });
}
