import { describe, expect, it } from "vitest";
import { AMOUNTS, anEntry, aVersion, type World, withPersona } from "../contract-fixtures.ts";

const PLAN = {
  ...{ environment: "production", group: "analytics", priority: "normal", demand: AMOUNTS, concrete: { launch: [] } },
  checks: [{ run: "true", expect: {} }],
};

export function checkLaws(world: () => World): void {
  describe("the checks of a version", () => {
    it("are kept with it, and where they are run", async () => {
      const repository = await withPersona(world().repository);
      const { version } = await repository.publishVersion(aVersion({ digest: "b", checkPlan: PLAN }), anEntry());
      expect(version).toMatchObject({ state: "building", checkPlan: PLAN, checkWorkspace: undefined });
      await repository.setBuild("analyst", 2, { checkWorkspace: "w-1" });
      await repository.setBuild("analyst", 2, { message: "runs" });
      expect(await repository.version("analyst", 2)).toMatchObject({ checkWorkspace: "w-1" });
      await repository.setBuild("analyst", 2, { state: "usable", checkWorkspace: null });
      expect(await repository.version("analyst")).toMatchObject({ version: 2, checkWorkspace: undefined });
    });

    it("of a draft come with its publication; it is latest when it is usable, though a later number is", async () => {
      const repository = await withPersona(world().repository);
      await repository.publishVersion(aVersion({ digest: "b", isDraft: true }), anEntry());
      await repository.setBuild("analyst", 2, { state: "usable" });
      await repository.publishVersion(aVersion({ digest: "c", publishedAt: 20 }), anEntry());
      await repository.setBuild("analyst", 3, { state: "usable" });
      const published = await repository.publishDraft("analyst", 2, { ...anEntry(), at: 30 }, PLAN);
      expect(published).toMatchObject({ state: "building", draft: undefined, latest: false, checkPlan: PLAN });
      expect(await repository.version("analyst")).toMatchObject({ version: 3 });
      await repository.setBuild("analyst", 2, { state: "usable" });
      expect(await repository.version("analyst")).toMatchObject({ version: 2 });
      await repository.setBuild("analyst", 3, { state: "usable" });
      expect(await repository.version("analyst")).toMatchObject({ version: 2 });
    });
  });
}
