import { describe, expect, it } from "vitest";
import { anEntry, type World } from "../contract-fixtures.ts";

const TOOLS = {
  source: "tools",
  manager: "apt",
  url: "https://packages.example.com/debian",
  groups: ["analytics"],
  files: [],
  suites: ["stable"],
  components: ["main"],
  key: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n…",
  scopes: [],
} as const;
const INTERNAL = {
  ...TOOLS,
  source: "internal",
  manager: "pip",
  url: "https://pypi.example.com/simple",
  suites: [],
  login: "sealed",
} as const;

export function packageSourceLaws(world: () => World): void {
  describe("package sources", () => {
    it("are kept as they were told, by name", async () => {
      const { repository } = world();
      await repository.addPackageSource(TOOLS, anEntry("add"));
      await repository.addPackageSource(INTERNAL, anEntry("add"));
      expect(await repository.packageSources()).toEqual([INTERNAL, TOOLS]);
      expect((await repository.auditEntries(0, 10)).map(({ action }) => action)).toEqual(["add", "add"]);
      await expect(repository.addPackageSource(TOOLS, anEntry())).rejects.toMatchObject({ code: "exists" });
    });

    it("change only in what is said, and go", async () => {
      const { repository } = world();
      await repository.addPackageSource(INTERNAL, anEntry());
      expect(await repository.changePackageSource("internal", { groups: ["*"] }, anEntry())).toEqual({ ...INTERNAL, groups: ["*"] });
      expect(await repository.changePackageSource("internal", { login: "other" }, anEntry())).toMatchObject({
        login: "other",
        groups: ["*"],
      });
      expect(await repository.changePackageSource("internal", { login: null }, anEntry())).not.toHaveProperty("login");
      await repository.removePackageSource("internal", anEntry("remove"));
      expect(await repository.packageSources()).toEqual([]);
      await expect(repository.removePackageSource("internal", anEntry())).rejects.toMatchObject({ code: "not_found" });
      await expect(repository.changePackageSource("internal", { login: null }, anEntry())).rejects.toMatchObject({ code: "not_found" });
    });
  });
}
