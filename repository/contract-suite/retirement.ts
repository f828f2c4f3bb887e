import { describe, expect, it } from "vitest";
import { anEntry, aVersion, bringTo, newWorkspace, type World, withPersona } from "../contract-fixtures.ts";

export function retirementLaws(world: () => World): void {
  describe("a retired persona", () => {
    it("gives nothing to anybody; what is held of it goes on; and it can be taken back as it was", async () => {
      const repository = await withPersona(world().repository);
      await repository.publishVersion(aVersion({ digest: "b" }), anEntry());
      await repository.setBuild("analyst", 2, { state: "usable" });
      await repository.rollback("analyst", 1, anEntry());
      const held = await newWorkspace(repository, "held");
      expect(await repository.retirePersona("analyst", true, anEntry("retire"))).toMatchObject([
        { version: 2, state: "retired", latest: false, isRetired: true },
        { version: 1, state: "retired", latest: false, isRetired: true },
      ]);
      expect([await repository.latestVersions(), await repository.version("analyst")]).toEqual([[], undefined]);
      await expect(newWorkspace(repository, "late")).rejects.toMatchObject({ code: "persona_retired" });
      await expect(repository.rollback("analyst", 2, anEntry())).rejects.toMatchObject({ code: "not_usable" });
      for (const isDraft of [undefined, true] as const)
        await expect(
          repository.publishVersion(aVersion({ digest: "c", ...(isDraft ? { isDraft } : {}) }), anEntry()),
        ).rejects.toMatchObject({ code: "persona_retired" });
      expect(await repository.revision("analyst", 1)).toMatchObject({ isRetired: true });
      expect((await bringTo(repository, held, "ready")).state).toBe("ready");
      await repository.retirePersona("analyst", true, anEntry());
      await repository.retirePersona("analyst", false, anEntry());
      expect(await repository.versions("analyst")).toMatchObject([
        { version: 2, state: "usable", latest: false, isRetired: false },
        { version: 1, state: "usable", latest: true },
      ]);
      await repository.retirePersona("analyst", false, anEntry());
      expect(await repository.version("analyst")).toMatchObject({ version: 1 });
      expect((await repository.auditEntries(0, 100)).filter(({ action }) => action === "retire")).toHaveLength(1);
    });

    it("gets what is built meanwhile when it is taken back, and not before", async () => {
      const repository = await withPersona(world().repository);
      await repository.publishVersion(aVersion({ digest: "b" }), anEntry());
      await repository.retirePersona("analyst", true, anEntry());
      await repository.setBuild("analyst", 2, { state: "usable" });
      expect([await repository.version("analyst"), await repository.version("analyst", 2)]).toMatchObject([
        undefined,
        { state: "retired" },
      ]);
      await repository.retirePersona("analyst", false, anEntry());
      expect(await repository.version("analyst")).toMatchObject({ version: 2, state: "usable" });
    });

    it("is one that was published: neither a draft nor what is not there", async () => {
      const { repository } = world();
      await repository.publishVersion(aVersion({ isDraft: true }), anEntry());
      for (const persona of ["analyst", "nobody"]) {
        await expect(repository.retirePersona(persona, true, anEntry())).rejects.toMatchObject({ code: "not_found" });
        await expect(repository.removePersona(persona, anEntry())).rejects.toMatchObject({ code: "not_found" });
      }
    });

    it("is removed when nothing of it is left, which is named till then; what was given back stays written down", async () => {
      const repository = await withPersona(world().repository);
      await repository.setBuild("analyst", 1, { image: { reference: "r" } });
      const held = await newWorkspace(repository, "held", { keepHome: true });
      await expect(repository.removePersona("analyst", anEntry())).rejects.toMatchObject({ code: "not_retired" });
      await repository.retirePersona("analyst", true, anEntry());
      const inUse = (kind: string, id: string) => ({ code: "persona_in_use", detail: { kind, held: [{ id, owner: "local|ada" }] } });
      await expect(repository.removePersona("analyst", anEntry())).rejects.toMatchObject(inUse("workspace", "held"));
      const leaving = await bringTo(repository, await bringTo(repository, held, "ready"), "releasing");
      await repository.move({ id: "held", revision: leaving.revision, to: "released", at: 5, free: true, home: "keep" });
      await expect(repository.removePersona("analyst", anEntry())).rejects.toMatchObject(inUse("home", "h-held"));
      await repository.doomHome("h-held", anEntry());
      await repository.forgetHome("h-held");
      expect((await repository.images()).records).toMatchObject([{ isOrphan: false }]);
      await repository.removePersona("analyst", anEntry("remove"));
      expect(await repository.versions("analyst")).toEqual([]);
      expect(await repository.workspace("held")).toMatchObject({ persona: "analyst", version: 1 });
      expect((await repository.images()).records).toMatchObject([{ reference: "r", isOrphan: true }]);
      await repository.forgetImage("r");
      expect((await repository.images()).records).toEqual([]);
      expect((await repository.auditEntries(0, 100)).filter(({ action }) => action === "remove")).toHaveLength(1);
      await expect(newWorkspace(repository, "late")).rejects.toMatchObject({ code: "not_usable" });
    });

    it("leaves its id for another, whose versions have numbers of their own", async () => {
      const repository = await withPersona(world().repository);
      await repository.retirePersona("analyst", true, anEntry());
      await repository.removePersona("analyst", anEntry());
      const { version, existed } = await repository.publishVersion(aVersion({ ownerGroup: "sales" }), anEntry());
      expect([existed, version]).toMatchObject([false, { version: 2, ownerGroup: "sales", state: "building", isRetired: false }]);
      await repository.setBuild("analyst", 2, { state: "usable" });
      expect((await newWorkspace(repository, "w", { version: 2 })).version).toBe(2);
    });
  });
}
