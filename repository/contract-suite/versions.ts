import { describe, expect, it } from "vitest";
import { anEntry, aVersion, type World } from "../contract-fixtures.ts";

export function versionLaws(world: () => World): void {
  describe("versions of a persona", () => {
    it("are numbered from 1, each building at first", async () => {
      const { repository } = world();
      const first = await repository.publishVersion(aVersion(), anEntry());
      const second = await repository.publishVersion(aVersion({ digest: "sha256:2", description: "more" }), anEntry());
      expect([first.version.version, second.version.version]).toEqual([1, 2]);
      expect(second).toMatchObject({
        existed: false,
        version: { state: "building", latest: false, description: "more", image: undefined },
      });
      expect((await repository.versions("analyst")).map(({ version }) => version)).toEqual([2, 1]);
    });

    it("are given back, not doubled, when the newest has the same digest", async () => {
      const { repository } = world();
      const all = await Promise.all(Array.from({ length: 8 }, () => repository.publishVersion(aVersion(), anEntry("publish"))));
      expect(all.filter(({ existed }) => !existed)).toHaveLength(1);
      expect(new Set(all.map(({ version }) => version.version))).toEqual(new Set([1]));
      expect(await repository.auditEntries(0, 100)).toHaveLength(1);
    });

    it("become latest when usable, and only forward", async () => {
      const { repository } = world();
      for (const digest of ["a", "b", "c"]) await repository.publishVersion(aVersion({ digest }), anEntry());
      expect(await repository.version("analyst")).toBeUndefined();
      await repository.setBuild("analyst", 2, { state: "usable", took: 7, downloading: 3, image: { reference: "r" } });
      await repository.setBuild("analyst", 1, { state: "usable" });
      await repository.setBuild("analyst", 3, { state: "build_failed", message: "no such package" });
      expect(await repository.version("analyst")).toMatchObject({
        version: 2,
        latest: true,
        build: { took: 7, downloading: 3 },
        image: { reference: "r" },
      });
      expect((await repository.latestVersions()).map(({ version }) => version)).toEqual([2]);
      expect((await repository.versionsInState("build_failed")).map(({ build }) => build.message)).toEqual(["no such package"]);
    });

    it("are rolled back to a usable one, with an entry in the audit", async () => {
      const { repository } = world();
      for (const digest of ["a", "b", "c"]) await repository.publishVersion(aVersion({ digest }), anEntry());
      for (const version of [1, 2]) await repository.setBuild("analyst", version, { state: "usable" });
      const before = (await repository.auditEntries(0, 100)).length;
      await expect(repository.rollback("analyst", 3, anEntry())).rejects.toMatchObject({ code: "not_usable" });
      await expect(repository.rollback("analyst", 9, anEntry())).rejects.toMatchObject({ code: "not_found" });
      expect(await repository.rollback("analyst", 1, anEntry("rollback"))).toMatchObject({ version: 1, latest: true });
      expect((await repository.auditEntries(before, 100)).map(({ action }) => action)).toEqual(["rollback"]);
    });

    it("keep their build state apart from what was not said", async () => {
      const { repository } = world();
      await repository.publishVersion(aVersion(), anEntry());
      await repository.setBuild("analyst", 1, { percent: 12.5, message: "fetching" });
      await repository.setBuild("analyst", 1, { percent: 20 });
      await repository.setBuild("analyst", 1, {});
      expect((await repository.version("analyst", 1))?.build).toEqual({ percent: 20, message: "fetching" });
      await expect(repository.setBuild("analyst", 2, { percent: 1 })).rejects.toMatchObject({ code: "not_found" });
    });

    it("keep their build log in the order in which it came", async () => {
      const { repository } = world();
      await repository.publishVersion(aVersion(), anEntry());
      await Promise.all([["a", "b"], [], ["c"]].map((lines) => repository.appendBuildLog("analyst", 1, lines)));
      expect(await repository.buildLog("analyst", 1)).toEqual(["a", "b", "c"]);
      await expect(repository.appendBuildLog("analyst", 2, ["x"])).rejects.toMatchObject({ code: "not_found" });
    });
  });
}
