import { describe, expect, it } from "vitest";
import { AMOUNTS, anEntry, bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";

export function allocationLaws(world: () => World): void {
  describe("a move", () => {
    it("takes and gives back the allocation with the state", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const allocate = { node: "node-1", amounts: AMOUNTS };
      const held = await repository.move(stepTo(row, "provisioning", { allocate }));
      expect(held).toMatchObject({ node: "node-1", admittedAt: 200 });
      expect(await repository.allocations()).toEqual([
        { workspace: "ws-1", node: "node-1", amounts: AMOUNTS, priority: "normal", group: "analytics", owner: "local|ada" },
      ]);
      expect(await repository.allocations(["ws-2"])).toEqual([]);
      expect(await repository.allocations(["ws-1", "ws-2"])).toHaveLength(1);
      await expect(repository.move(stepTo(held, "ready", { allocate }))).rejects.toMatchObject({ code: "exists" });
      const back = await repository.move(stepTo(held, "queued", { free: true, queuedSince: 50 }));
      expect(back).toMatchObject({ node: undefined, queuedSince: 50, state: "queued" });
      expect(await repository.allocations()).toEqual([]);
    });

    it("that gives room back remembers how long it was held, and how soon it was ready", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const allocate = { node: "node-1", amounts: AMOUNTS };
      const first = await repository.move(stepTo(row, "provisioning", { allocate, at: 200 }));
      const again = await repository.move(stepTo(first, "queued", { free: true, at: 230 }));
      const second = await repository.move(stepTo(again, "provisioning", { allocate, at: 300 }));
      const ready = await repository.move(stepTo(second, "ready", { readyAt: 340, at: 340 }));
      const releasing = await repository.move(stepTo(ready, "releasing", { at: 900 }));
      await repository.move(stepTo(releasing, "released", { free: true, at: 1000 }));
      // What holds nothing gives nothing back.
      const other = await newWorkspace(repository, "ws-2");
      const cancelled = await repository.move(stepTo(other, "releasing"));
      await repository.move(stepTo(cancelled, "released", { free: true }));
      const runs = [
        { persona: "analyst", held: 700, readyAfter: 40 },
        { persona: "analyst", held: 30 },
      ];
      expect(await repository.runs({ limit: 9 })).toEqual(runs);
      expect(await repository.runs({ persona: "analyst", limit: 1 })).toEqual(runs.slice(0, 1));
      expect(await repository.runs({ persona: "other", limit: 9 })).toEqual([]);
    });

    it("to released is refused while an allocation is held", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const held = await repository.move(stepTo(row, "provisioning", { allocate: { node: "node-1", amounts: AMOUNTS } }));
      const releasing = await bringTo(repository, held, "releasing");
      await expect(repository.move(stepTo(releasing, "released"))).rejects.toMatchObject({ code: "invalid_transition" });
      expect(await repository.workspace("ws-1")).toMatchObject({ state: "releasing", revision: releasing.revision });
      expect(await repository.move(stepTo(releasing, "released", { free: true }))).toMatchObject({ state: "released" });
    });

    it("of several is all or none", async () => {
      const repository = await withPersona(world().repository);
      const rows = await Promise.all(["ws-1", "ws-2", "ws-3"].map((id) => newWorkspace(repository, id)));
      const steps = rows.map((row) => stepTo(row, "provisioning", { allocate: { node: "node-1", amounts: AMOUNTS } }));
      const stale = steps.map((step) => (step.id === "ws-3" ? { ...step, revision: 7 } : step));
      await expect(repository.moveAll(stale)).rejects.toMatchObject({ code: "stale_revision" });
      expect(await repository.allocations()).toEqual([]);
      expect(await repository.workspaces({ states: ["queued"] })).toHaveLength(3);
      expect((await repository.moveAll(steps)).map(({ id, state }) => `${id} ${state}`)).toEqual(
        rows.map(({ id }) => `${id} provisioning`),
      );
      expect(await repository.moveAll([])).toEqual([]);
    });

    it("and all else in a life take at most 10 commits", async () => {
      const repository = await withPersona(world().repository);
      const before = world().commits();
      const queued = await newWorkspace(repository, "ws-1");
      const allocate = { node: "node-1", amounts: AMOUNTS };
      const started = await repository.move(stepTo(queued, "provisioning", { allocate, newGeneration: { engineName: "e" } }));
      await repository.storeHandle("ws-1", 1, { driver: "memory" });
      await repository.move(stepTo(started, "ready", { phases: [{ phase: "image", took: 1 }] }));
      const launch = { id: "l-1", workspace: "ws-1", generation: 1, application: "psql", kind: "terminal", state: "running" } as const;
      await repository.recordLaunch({ ...launch, startedAt: 300 });
      await repository.updateLaunch("l-1", { state: "exited", exit: 0, endedAt: 310 });
      const wanted = await repository.setDesired("ws-1", { desired: "released", reason: "given_back", by: "ada" }, anEntry());
      const releasing = await repository.move(stepTo(wanted, "releasing"));
      await repository.move(stepTo(releasing, "released", { free: true, home: "drop", receipt: { freed: AMOUNTS } }));
      expect(world().commits() - before).toBeLessThanOrEqual(10);
    });
  });
}
