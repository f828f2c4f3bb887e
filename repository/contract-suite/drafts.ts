import { describe, expect, it } from "vitest";
import { anEntry, aVersion, newWorkspace, type World, withPersona } from "../contract-fixtures.ts";
import type { NewVersion, Repository } from "../repository.ts";

const aDraft = (change: Partial<NewVersion> = {}) => aVersion({ digest: "draft", isDraft: true, ...change });

async function usableDraft(repository: Repository, change: Partial<NewVersion> = {}): Promise<number> {
  const { version } = (await repository.publishVersion(aDraft(change), anEntry())).version;
  await repository.setBuild("analyst", version, { state: "usable", image: { reference: "d" } });
  return version;
}

export function draftLaws(world: () => World): void {
  describe("a draft", () => {
    it("is numbered and built as a version is, and is nothing that was published", async () => {
      const repository = await withPersona(world().repository);
      const { version } = await repository.publishVersion(aDraft(), anEntry());
      expect(version).toMatchObject({ version: 2, state: "draft", draft: { build: "building" }, latest: false });
      expect((await repository.drafts("building")).map((row) => row.version)).toEqual([2]);
      expect(await repository.versionsInState("building")).toEqual([]);
      await repository.setBuild("analyst", 2, { state: "usable", image: { reference: "d" } });
      expect(await repository.version("analyst", 2)).toMatchObject({ state: "draft", draft: { build: "usable" }, latest: false });
      expect(await repository.version("analyst")).toMatchObject({ version: 1 });
      await expect(repository.rollback("analyst", 2, anEntry())).rejects.toMatchObject({ code: "not_usable" });
      await expect(repository.askRefresh("analyst", 2, "e", anEntry())).rejects.toMatchObject({ code: "not_usable" });
      expect([await repository.revision("analyst", 1), await repository.revision("analyst", 2)]).toMatchObject([
        { isDraft: false },
        { isDraft: true, reference: "d" },
      ]);
    });

    it("is given back when its author stores the same again, and replaced by another; those of others stay", async () => {
      const repository = await withPersona(world().repository);
      await repository.publishVersion(aDraft(), anEntry());
      await repository.publishVersion(aDraft({ publishedBy: "local|bob" }), anEntry());
      const again = await repository.publishVersion(aDraft(), anEntry());
      expect([again.existed, again.version.version]).toEqual([true, 2]);
      await repository.publishVersion(aDraft({ digest: "other" }), anEntry());
      expect((await repository.drafts()).map((row) => [row.version, row.publishedBy])).toEqual([
        [4, "local|ada"],
        [3, "local|bob"],
      ]);
      expect((await repository.versions("analyst")).map((row) => row.version)).toEqual([4, 3, 1]);
      expect((await repository.publishVersion(aVersion(), anEntry())).existed).toBe(true);
    });

    it("becomes what a request gets with the image that it has, whatever was published meanwhile; one that is not built does not", async () => {
      const repository = await withPersona(world().repository);
      const draft = await usableDraft(repository);
      await repository.publishVersion(aVersion({ digest: "c" }), anEntry());
      await repository.setBuild("analyst", 3, { state: "usable" });
      expect(await repository.publishDraft("analyst", draft, { ...anEntry("publish"), at: 77 })).toMatchObject({
        ...{ version: 2, state: "usable", draft: undefined, latest: true, publishedAt: 77, image: { reference: "d" } },
      });
      await expect(repository.publishDraft("analyst", draft, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await repository.publishVersion(aDraft({ digest: "e" }), anEntry());
      await expect(repository.publishDraft("analyst", 4, anEntry())).rejects.toMatchObject({ code: "not_usable" });
      expect((await repository.auditEntries(0, 100)).filter(({ action }) => action === "publish")).toHaveLength(1);
    });

    it("that is discarded is no more to be had, and is never usable again; what was made of it goes on", async () => {
      const repository = await withPersona(world().repository);
      const draft = await usableDraft(repository);
      await newWorkspace(repository, "w", { version: draft });
      await repository.discardDraft("analyst", draft, anEntry("discard"));
      expect((await repository.versions("analyst")).map((row) => row.version)).toEqual([1]);
      expect(await repository.drafts()).toEqual([]);
      expect(await repository.version("analyst", draft)).toMatchObject({ version: draft, image: { reference: "d" } });
      await repository.setBuild("analyst", draft, { state: "usable" });
      expect(await repository.version("analyst")).toMatchObject({ version: 1 });
      await expect(repository.publishDraft("analyst", draft, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await expect(repository.discardDraft("analyst", draft, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await expect(repository.discardDraft("analyst", 1, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await expect(newWorkspace(repository, "late", { version: draft })).rejects.toMatchObject({ code: "not_usable" });
      expect((await repository.publishVersion(aVersion({ digest: "c" }), anEntry())).version.version).toBe(3);
    });
  });
}
