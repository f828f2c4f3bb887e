import { describe, expect, it } from "vitest";
import { AMOUNTS, anEntry, bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";

const MORE = { ...AMOUNTS, cpu: 2 * AMOUNTS.cpu };

export function desiredLaws(world: () => World): void {
  describe("what is desired", () => {
    it("is the last word, without touching the loop's revision", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const change = { desired: "suspended", reason: "suspended_by_person", by: "local|ada" } as const;
      const row2 = await repository.setDesired("ws-1", change, anEntry("suspend", "ws-1"));
      expect(row2).toMatchObject({
        desired: "suspended",
        desiredReason: "suspended_by_person",
        desiredBy: "local|ada",
        revision: row.revision,
      });
      expect((await repository.auditEntries(0, 100)).at(-1)).toMatchObject({ action: "suspend" });
      await expect(repository.setDesired("ws-none", change, anEntry())).rejects.toMatchObject({ code: "not_found" });
    });

    it("has its reason forgotten by the step that fulfils it, unless it became another wish", async () => {
      const repository = await withPersona(world().repository);
      const row = await bringTo(repository, await newWorkspace(repository, "ws-1"), "failed");
      const retry = { desired: "ready", reason: "retrying", by: "ada" } as const;
      await repository.setDesired("ws-1", retry, anEntry());
      const queued = await repository.move(stepTo(row, "queued", { desiredReason: null }));
      expect(queued).toMatchObject({ desired: "ready", desiredReason: undefined });
      await repository.setDesired("ws-1", { desired: "released", reason: "given_back", by: "ada" }, anEntry());
      const later = await repository.move(stepTo(queued, "provisioning", { desiredReason: null }));
      expect(later).toMatchObject({ desired: "released", desiredReason: "given_back" });
    });

    it("stays release once it is", async () => {
      const repository = await withPersona(world().repository);
      await newWorkspace(repository, "ws-1");
      const release = { desired: "released", reason: "given_back", by: "ada" } as const;
      await repository.setDesired("ws-1", release, anEntry());
      const back = { desired: "ready", reason: "starting", by: "ada" } as const;
      await expect(repository.setDesired("ws-1", back, anEntry())).rejects.toMatchObject({ code: "invalid_transition" });
      expect(await repository.setDesired("ws-1", release, anEntry())).toMatchObject({ desired: "released" });
    });

    it("of amounts is for what is ready and to stay so, and is open until that wish is answered", async () => {
      const repository = await withPersona(world().repository);
      const queued = await newWorkspace(repository, "ws-1");
      await expect(repository.setWantedDemand("ws-1", MORE, anEntry())).rejects.toMatchObject({ code: "invalid_transition" });
      await expect(repository.setWantedDemand("ws-none", MORE, anEntry())).rejects.toMatchObject({ code: "not_found" });
      const held = await repository.move(stepTo(queued, "provisioning", { allocate: { node: "node-1", amounts: AMOUNTS } }));
      const ready = await bringTo(repository, held, "ready");
      expect(await repository.unsettled({ limit: 50 })).toEqual([]);
      const wished = await repository.setWantedDemand("ws-1", MORE, anEntry("resize", "ws-1"));
      expect(wished).toMatchObject({ wantedDemand: MORE, demand: AMOUNTS, revision: ready.revision });
      expect((await repository.auditEntries(0, 100)).at(-1)).toMatchObject({ action: "resize" });
      expect(await repository.unsettled({ limit: 50 })).toHaveLength(1);
      const other = await repository.move(stepTo(wished, "ready", { answered: AMOUNTS, reallocate: MORE }));
      expect(other).toMatchObject({ wantedDemand: MORE, demand: AMOUNTS });
      expect((await repository.allocations())[0]?.amounts).toEqual(MORE);
      const done = await repository.move(stepTo(other, "ready", { answered: MORE, demand: MORE }));
      expect(done).toMatchObject({ wantedDemand: undefined, demand: MORE });
      expect(await repository.unsettled({ limit: 50 })).toEqual([]);
      await repository.setDesired("ws-1", { desired: "suspended", reason: "suspended_by_person", by: "ada" }, anEntry());
      await expect(repository.setWantedDemand("ws-1", MORE, anEntry())).rejects.toMatchObject({ code: "invalid_transition" });
    });
  });
}
