import { addAmounts, DIMENSIONS, NO_AMOUNTS } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOf } from "./account.ts";
import { advise } from "./advise.ts";
import { admissions, decide, takeAllIn } from "./decide.ts";
import { amounts, demand, node } from "./example.fixture.ts";
import { fits } from "./fit.ts";
import type { Allocation, Change, Decision, Demand, Node } from "./model.ts";
import { compareOwn, compareQueued, turnOf } from "./order.ts";
import { each } from "./ordered-tree.ts";
import { queueOf, waitOf } from "./queue.ts";
import { emptySnapshot, type Snapshot, snapshotOf } from "./snapshot.ts";

/** What a random run does next; numbers choose among what there is then. */
type Step =
  | {
      readonly kind: "arrive";
      readonly cpu: number;
      readonly ram: number;
      readonly priority: number;
      readonly age: number;
      readonly pin: number;
      readonly person: string;
    }
  /** `letGo`: all is given back but the storage, which the home holds from then on. */
  | { readonly kind: "release" | "withdraw" | "letGo"; readonly choice: number }
  | { readonly kind: "resize"; readonly choice: number; readonly cpu: number; readonly ram: number }
  | { readonly kind: "nodes"; readonly nodes: readonly Node[] };

const NODE_NAMES = ["n1", "n2", "n3"];
const arbitraryNodes = fc
  .array(fc.record({ cpu: fc.integer({ min: 1, max: 8 }), ram: fc.integer({ min: 1, max: 8 }) }), { minLength: 1, maxLength: 3 })
  .map((sizes) => sizes.map(({ cpu, ram }, at) => node(NODE_NAMES[at] ?? "", cpu, ram)));

const arrive = fc.record({
  kind: fc.constant("arrive" as const),
  cpu: fc.integer({ min: 1, max: 8 }),
  /** Nothing of it: as who is resumed asks for no storage beside its home's. */
  ram: fc.integer({ min: 0, max: 8 }),
  priority: fc.constantFrom(100, 200, 200, 200, 300),
  /** How much older than its arrival: a displaced demand keeps its seniority. */
  age: fc.constantFrom(0, 0, 0, 30),
  /** Beyond the nodes there are: any node will do. */
  pin: fc.integer({ min: 0, max: 12 }),
  person: fc.constantFrom("ann", "ann", "bob", "cleo"),
});
const giveBack = fc.record({
  kind: fc.constantFrom("release" as const, "release" as const, "withdraw" as const, "letGo" as const),
  choice: fc.nat(1000),
});
const resizeOne = fc.record({
  kind: fc.constant("resize" as const),
  choice: fc.nat(1000),
  cpu: fc.integer({ min: 1, max: 8 }),
  ram: fc.integer({ min: 1, max: 8 }),
});
const replaceNodes = fc.record({ kind: fc.constant("nodes" as const), nodes: arbitraryNodes });
const batchesOf = (...kinds: fc.WeightedArbitrary<Step>[]) =>
  fc.array(fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 40, size: "max" });

const ARRIVE = { weight: 6, arbitrary: arrive };
const GIVE_BACK = { weight: 5, arbitrary: fc.oneof({ weight: 5, arbitrary: giveBack }, { weight: 1, arbitrary: resizeOne }) };
const REPLACE_NODES = { weight: 1, arbitrary: replaceNodes };

/** Plays steps and keeps its own, plain books beside the Resource Manager. */
class World {
  readonly waiting = new Map<string, Demand>();
  readonly allocations = new Map<string, Allocation>();
  readonly passed = new Map<string, number>();
  readonly limit: number;
  nodes: readonly Node[];
  snapshot: Snapshot;
  #time = 0;

  constructor(nodes: readonly Node[], limit: number) {
    this.nodes = nodes;
    this.limit = limit;
    this.snapshot = decide(emptySnapshot({ bypassLimit: limit }), [{ kind: "nodes", nodes }]).snapshot;
  }

  play(steps: readonly Step[]): readonly Decision[] {
    return this.change(steps.flatMap((step) => this.changesFor(step)));
  }

  /** The changes that a step means now. */
  changesFor(step: Step): readonly Change[] {
    this.#time++;
    if (step.kind === "nodes") return [{ kind: "nodes", nodes: step.nodes }];
    if (step.kind === "arrive") {
      const { cpu, ram, priority, age, pin, person } = step;
      const id = `w${this.#time}`;
      const more = { priority, person, since: this.#time - age, pinned: this.nodes[pin]?.node ?? null };
      return [{ kind: "arrived", demand: demand(id, amounts(cpu, ram), more) }];
    }
    const ids = [...(step.kind === "withdraw" ? this.waiting : this.allocations).keys()];
    const id = ids[step.choice % ids.length];
    if (id === undefined) return [];
    const allocation = this.allocations.get(id);
    if (step.kind === "resize") return [{ kind: "resize", id, amounts: amounts(step.cpu, step.ram) }];
    if (step.kind === "letGo" && allocation !== undefined) {
      const left = { ...NO_AMOUNTS, storage: allocation.amounts.storage };
      return [
        { kind: "released", id },
        { kind: "allocated", allocation: { ...allocation, id: `home-${id}`, person: null, amounts: left } },
      ];
    }
    return [{ kind: step.kind === "withdraw" ? "withdrawn" : "released", id }];
  }

  change(changes: readonly Change[]): readonly Decision[] {
    const { decisions, snapshot } = decide(this.snapshot, changes);
    this.#countBypasses(this.snapshot, changes, decisions);
    this.snapshot = snapshot;
    for (const change of changes) this.#note(change);
    for (const decision of decisions) this.#follow(decision);
    return decisions;
  }

  #note(change: Change): void {
    if (change.kind === "arrived") this.waiting.set(change.demand.id, change.demand);
    else if (change.kind === "released") this.allocations.delete(change.id);
    else if (change.kind === "withdrawn") this.waiting.delete(change.id);
    else if (change.kind === "resize") return;
    else if (change.kind === "allocated") this.allocations.set(change.allocation.id, change.allocation);
    else this.nodes = change.nodes;
  }

  #follow(decision: Decision): void {
    if (decision.kind === "not_resized") return;
    if (decision.kind === "resized") {
      const allocation = this.allocations.get(decision.id);
      if (allocation !== undefined) this.allocations.set(decision.id, { ...allocation, amounts: decision.amounts });
      return;
    }
    const asked = this.waiting.get(decision.id);
    expect(asked, `${decision.kind} ${decision.id}, which does not wait`).toBeDefined();
    if (asked === undefined || decision.kind === "waits") return;
    this.waiting.delete(decision.id);
    if (decision.kind !== "admitted") return;
    const { id, priority, group, person } = asked;
    this.allocations.set(id, { id, node: decision.node, amounts: decision.amounts, priority, group, person });
  }

  /**
   * Goes through the same admissions one by one. At the moment of each, one that was passed as often as is allowed keeps the node that
   * is held for it, and one that no node is held for keeps all that it could be on. (A hold may move to another node right after:
   * whoever is further ahead may take a node over, and the one it was held for goes on waiting for another.)
   */
  #countBypasses(from: Snapshot, changes: readonly Change[], decisions: readonly Decision[]): void {
    const { draft } = takeAllIn(from, changes);
    const seen: Decision[] = [];
    for (const admission of admissions(draft)) {
      seen.push(admission);
      const waiting: Demand[] = [];
      each(draft.line, (entry) => {
        if (entry.demand.id !== admission.id) waiting.push(entry.demand);
        return entry.demand.id !== admission.id;
      });
      for (const ahead of waiting) {
        const before = this.passed.get(ahead.id) ?? 0;
        this.passed.set(ahead.id, before + 1);
        if (before < this.limit) continue;
        const held = draft.nodes.find(({ heldFor }) => heldFor?.id === ahead.id);
        const reach = draft.nodes.filter((at) => (ahead.pinned ?? at.node) === at.node && fits(ahead.amounts, at.capacity));
        const closed = held === undefined ? reach.map((at) => at.node) : [held.node];
        expect(closed, `${admission.id} passed ${ahead.id} for the ${before + 1}. time`).not.toContain(admission.node);
      }
    }
    expect(seen).toEqual(decisions.filter(({ kind }) => kind === "admitted"));
  }
}

/** By plain counting: priority, then how many its person holds or waits for ahead of it, then age. */
function inOrder({ waiting, allocations }: World): readonly string[] {
  const queued = [...waiting.values()].map((one) => {
    const held = [...allocations.values()].filter(({ person }) => person === one.person).length;
    const ahead = [...waiting.values()].filter((other) => other.person === one.person && compareOwn(other, one) < 0).length;
    return { ...one, turn: turnOf(held, ahead) };
  });
  return queued.sort(compareQueued).map(({ id }) => id);
}

function sumOn(allocations: Iterable<Allocation>, on: string) {
  let sum = NO_AMOUNTS;
  for (const { node: where, amounts: taken } of allocations) if (where === on) sum = addAmounts(sum, taken);
  return sum;
}

function run(limits: fc.Arbitrary<number>, steps: fc.Arbitrary<Step[][]>, check: (world: World, batch: readonly Step[]) => void): void {
  fc.assert(
    fc.property(arbitraryNodes, limits, steps, (nodes, limit, batches) => {
      const world = new World(nodes, limit);
      for (const batch of batches) check(world, batch);
    }),
    { numRuns: 300 },
  );
}

const fewBypasses = fc.integer({ min: 0, max: 3 });

describe("laws of admission", () => {
  it("never allocates above capacity in any dimension, and accounts exactly for what was taken and released", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK), (world, batch) => {
      world.play(batch);
      for (const account of accountOf(world.snapshot)) {
        for (const dimension of DIMENSIONS) expect(account.allocated[dimension]).toBeLessThanOrEqual(account.capacity[dimension]);
        expect(account.allocated).toEqual(sumOn(world.allocations.values(), account.node));
        expect(addAmounts(account.allocated, account.free)).toEqual(account.capacity);
      }
    });
  });

  it("admits onto nodes that shrink, go and come back only what they then have room for", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK, REPLACE_NODES), (world, batch) => {
      for (const decision of world.play(batch)) {
        if (decision.kind !== "admitted") continue;
        const account = accountOf(world.snapshot).find((entry) => entry.node === decision.node);
        expect(account).toBeDefined();
        for (const dimension of DIMENSIONS.filter((each) => decision.amounts[each] > 0))
          expect(account?.allocated[dimension]).toBeLessThanOrEqual(account?.capacity[dimension] ?? 0);
      }
      for (const account of accountOf(world.snapshot)) expect(account.allocated).toEqual(sumOn(world.allocations.values(), account.node));
    });
  });

  it("has each workspace in one place: the queue in its order, or one allocation", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK, REPLACE_NODES), (world, batch) => {
      world.play(batch);
      const expected = inOrder(world);
      const queue = queueOf(world.snapshot);
      expect(queue.map(({ id }) => id)).toEqual(expected);
      expect(queue.map(({ place }) => place)).toEqual(expected.map((_, at) => at + 1));
      for (const id of world.allocations.keys()) expect(waitOf(world.snapshot, id)).toBeUndefined();
    });
  });

  it("lets nobody pass a waiting demand more often than the limit where it could be placed", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK), (world, batch) => void world.play(batch));
  });

  it("admits in the same decision whatever fits outside held room, and says of the rest why it waits", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK, REPLACE_NODES), (world, batch) => {
      world.play(batch);
      const accounts = accountOf(world.snapshot);
      for (const wait of queueOf(world.snapshot)) {
        const asked = world.waiting.get(wait.id);
        if (asked === undefined) throw new Error(`${wait.id} is in the queue and was not asked for`);
        const roomy = accounts.filter(({ node: name, free }) => (asked.pinned ?? name) === name && fits(asked.amounts, free));
        for (const { heldFor } of roomy) {
          const holder = heldFor === null ? undefined : world.waiting.get(heldFor);
          expect(holder, `${wait.id} waits beside open room`).toBeDefined();
          expect(holder?.id).not.toBe(wait.id);
          expect(holder?.priority).toBeGreaterThanOrEqual(asked.priority);
        }
        if (wait.reason === "waiting_in_line") expect(roomy.map(({ node: name }) => name)).toContain(wait.node);
        else expect(wait.short.length + (wait.node === null ? 1 : 0)).toBeGreaterThan(0);
      }
    });
  });

  it("advises what it then decides", () => {
    run(fewBypasses, batchesOf(ARRIVE, GIVE_BACK), (world, batch) => {
      for (const step of batch) {
        const changes = world.changesFor(step);
        const [change] = changes;
        const advice = change?.kind === "arrived" ? advise(world.snapshot, change.demand) : undefined;
        const decisions = world.change(changes);
        if (advice === undefined || change?.kind !== "arrived") continue;
        const decision = decisions.find(({ id }) => id === change.demand.id);
        const kinds = { never_fits: "refused", would_start: "admitted", would_wait: "waits" } as const;
        expect(decision?.kind).toBe(kinds[advice.kind]);
        if (decision?.kind === "waits") expect(decision).toEqual({ ...advice, kind: "waits", id: change.demand.id });
      }
    });
  });

  it("decides from a rebuilt snapshot what it decides from its own, where nothing was passed too often", () => {
    run(fc.constant(Number.MAX_SAFE_INTEGER), batchesOf(ARRIVE, GIVE_BACK), (world, batch) => {
      const { nodes, allocations, waiting, limit } = world;
      const state = { nodes, allocations: [...allocations.values()], queue: [...waiting.values()], settings: { bypassLimit: limit } };
      const rebuilt = decide(snapshotOf(state), []);
      expect(rebuilt.decisions.filter(({ kind }) => kind !== "waits")).toEqual([]);
      const changes = batch.flatMap((step) => world.changesFor(step));
      const other = decide(rebuilt.snapshot, changes);
      expect(world.change(changes)).toEqual(other.decisions);
      expect(queueOf(world.snapshot)).toEqual(queueOf(other.snapshot));
      expect(accountOf(world.snapshot)).toEqual(accountOf(other.snapshot));
    });
  });

  /** Who holds nothing comes before who holds something, so it is newcomers that could keep somebody waiting. */
  const STREAMS = [
    { who: "anybody", newcomers: false },
    { who: "people who have nothing yet", newcomers: true },
  ];
  it.each(STREAMS)("admits everybody in the end, with finite lifetimes and however many of $who keep coming", ({ newcomers }) => {
    fc.assert(
      fc.property(
        arbitraryNodes,
        fewBypasses,
        batchesOf(ARRIVE),
        fc.array(arrive, { minLength: 1, maxLength: 4 }),
        (nodes, limit, batches, stream) => {
          const world = new World(nodes, limit);
          for (const batch of batches.slice(0, 4)) world.play(batch);
          const waiting = [...world.waiting.keys()];
          // Each round the longest-running workspace ends, and new small ones try to take its place.
          const rounds = (waiting.length + 1) * (limit + 1 + 3 * 64);
          for (let round = 0; round < rounds && waiting.some((id) => world.waiting.has(id)); round++) {
            const [oldest] = world.allocations.keys();
            const younger = stream.map(
              (step): Step => ({
                ...step,
                cpu: 1,
                ram: 1,
                priority: 100,
                age: 0,
                pin: 12,
                ...(newcomers ? { person: `new-${round}` } : {}),
              }),
            );
            const arrivals = world.waiting.size < 40 ? younger.flatMap((step) => world.changesFor(step)) : [];
            world.change([...arrivals, ...(oldest === undefined ? [] : [{ kind: "released", id: oldest } as const])]);
          }
          expect(waiting.filter((id) => world.waiting.has(id))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
