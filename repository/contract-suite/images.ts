import { describe, expect, it } from "vitest";
import { AMOUNTS, anEntry, aVersion, bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";
import type { Repository } from "../repository.ts";

const image = (reference: string) => ({ reference, bytes: 1, launchables: [], contents: [] });

async function built(repository: Repository): Promise<Repository> {
  await withPersona(repository);
  await repository.setBuild("analyst", 1, { image: image("r1") });
  return repository;
}

export function imageLaws(world: () => World): void {
  describe("an image", () => {
    it("is recorded with its build, and used when a workspace begins and ends on it", async () => {
      const { clock } = world();
      const repository = await built(world().repository);
      const one = { persona: "analyst", version: 1, revision: 1, reference: "r1", builtAt: clock.now(), current: true, isOrphan: false };
      expect((await repository.images()).records).toEqual([{ ...one, usedAt: clock.now() }]);
      let row = await newWorkspace(repository, "ws-1");
      const allocate = { node: "node-1", amounts: AMOUNTS };
      row = await repository.move(stepTo(row, "provisioning", { allocate, newGeneration: { engineName: "e" } }));
      const later = clock.now() + 100;
      row = await repository.move(stepTo(row, "ready", { at: later, image: { revision: 1, reference: "r1" } }));
      expect(row.imageRevision).toBe(1);
      const holder = { workspace: "ws-1", persona: "analyst", version: 1, state: "ready", reference: "r1" };
      expect(await repository.images()).toEqual({ records: [{ ...one, usedAt: later }], holders: [holder] });
      row = await bringTo(repository, row, "releasing");
      await repository.move(stepTo(row, "released", { free: true, at: later + 50 }));
      expect(await repository.images()).toEqual({ records: [{ ...one, usedAt: later + 50 }], holders: [] });
    });

    it("that is built anew after it was lost keeps its revision and takes its new name", async () => {
      const repository = await built(world().repository);
      await repository.setBuild("analyst", 1, { image: image("r1b") });
      expect((await repository.images()).records.map(({ revision, reference }) => [revision, reference])).toEqual([[1, "r1b"]]);
    });
  });

  describe("a refresh", () => {
    it("is asked for once, told of while it runs, and becomes what starts get", async () => {
      const repository = await built(world().repository);
      expect(await repository.revision("analyst", 1)).toEqual({
        isDraft: false,
        isRetired: false,
        revision: 1,
        epoch: undefined,
        reference: "r1",
      });
      await repository.askRefresh("analyst", 1, "2026-02-01", anEntry("refresh_persona"));
      const asked = await repository.askRefresh("analyst", 1, "2026-02-02", anEntry("refresh_persona"));
      expect(asked).toMatchObject({ revision: 1, refresh: { epoch: "2026-02-01", percent: 0 } });
      await repository.setRefresh("analyst", 1, { percent: 40, message: "fetching" });
      expect((await repository.refreshing()).map(({ refresh }) => refresh)).toEqual([
        { epoch: "2026-02-01", percent: 40, message: "fetching" },
      ]);
      await repository.setRefresh("analyst", 1, { outcome: "built", image: image("r2") });
      expect(await repository.version("analyst", 1)).toMatchObject({
        revision: 2,
        epoch: "2026-02-01",
        refresh: undefined,
        image: { reference: "r2" },
      });
      expect(await repository.revision("analyst", 1)).toEqual({
        isDraft: false,
        isRetired: false,
        revision: 2,
        epoch: "2026-02-01",
        reference: "r2",
      });
      expect((await repository.images()).records.map(({ reference, current }) => [reference, current])).toEqual([
        ["r1", false],
        ["r2", true],
      ]);
      expect(await repository.refreshing()).toEqual([]);
    });

    it("that fails leaves the present revision, and says why", async () => {
      const repository = await built(world().repository);
      await repository.askRefresh("analyst", 1, "2026-02-01", anEntry());
      await repository.setRefresh("analyst", 1, { outcome: "failed", message: "no such package" });
      expect(await repository.version("analyst", 1)).toMatchObject({
        state: "usable",
        revision: 1,
        refresh: { message: "no such package" },
        image: { reference: "r1" },
      });
      await expect(repository.setRefresh("analyst", 1, { outcome: "built", image: image("r2") })).rejects.toMatchObject({
        code: "not_found",
      });
    });

    it("is for usable versions, with an entry in the audit", async () => {
      const repository = await built(world().repository);
      await repository.publishVersion(aVersion({ digest: "other" }), anEntry());
      await expect(repository.askRefresh("analyst", 2, "e", anEntry())).rejects.toMatchObject({ code: "not_usable" });
      await expect(repository.askRefresh("analyst", 9, "e", anEntry())).rejects.toMatchObject({ code: "not_found" });
      await repository.askRefresh("analyst", 1, "e", anEntry("refresh_persona"));
      expect((await repository.auditEntries(0, 100)).map(({ action }) => action)).toContain("refresh_persona");
    });

    it("counts for the versions that are published after it", async () => {
      const repository = await built(world().repository);
      await repository.askRefresh("analyst", 1, "2026-02-01", anEntry());
      await repository.setRefresh("analyst", 1, { outcome: "built", image: image("r2") });
      const { version } = await repository.publishVersion(aVersion({ digest: "other" }), anEntry());
      expect([version.revision, version.epoch]).toEqual([1, "2026-02-01"]);
    });

    it("leaves a name to forget when nothing stands on the older revision", async () => {
      const repository = await built(world().repository);
      await repository.askRefresh("analyst", 1, "2026-02-01", anEntry());
      await repository.setRefresh("analyst", 1, { outcome: "built", image: image("r2") });
      for (const reference of ["r1", "r2", "r3"]) await repository.forgetImage(reference);
      expect((await repository.images()).records.map(({ reference }) => reference)).toEqual(["r2"]);
    });
  });
}
