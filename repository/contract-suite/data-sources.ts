import { describe, expect, it } from "vitest";
import { anEntry, type World } from "../contract-fixtures.ts";
import type { DataAccessRow, DataSourceRow } from "../stored-data-source.ts";

const SALES: DataSourceRow = {
  ...{ source: "sales", kind: "postgres", host: "db.example.com", port: 5432, database: "sales" },
  ...{ roles: { read: "sales_reader" }, referenced_by: ["analytics"], received_by: ["*"], login: "sealed" },
};
const ACCESS: DataAccessRow = {
  ...{ role: "guise_a", workspace: "w-1", generation: 1, source: "sales", level: "read", state: "giving", port: 5432, until: 9 },
};

export function dataSourceLaws(world: () => World): void {
  describe("data sources", () => {
    it("are kept as they were told, change only in what is said, and each change is audited", async () => {
      const { repository } = world();
      await repository.addDataSource(SALES, anEntry("add"));
      expect(await repository.dataSources()).toEqual([SALES]);
      await expect(repository.addDataSource(SALES, anEntry())).rejects.toMatchObject({ code: "exists" });
      const pem = await repository.changeDataSource("sales", { authority: "PEM", received_by: ["analytics"] }, anEntry("change"));
      expect(pem).toEqual({ ...SALES, authority: "PEM", received_by: ["analytics"] });
      expect(await repository.changeDataSource("sales", { login: "other" }, anEntry("change"))).toEqual({ ...pem, login: "other" });
      expect(await repository.changeDataSource("sales", { authority: null }, anEntry("change"))).not.toHaveProperty("authority");
      await expect(repository.changeDataSource("other", {}, anEntry())).rejects.toMatchObject({ code: "not_found" });
      expect((await repository.auditEntries(0, 10)).map(({ action }) => action)).toEqual(["add", "change", "change", "change"]);
    });

    it("that are removed stay until nothing of them is given", async () => {
      const { repository } = world();
      await repository.addDataSource(SALES, anEntry());
      await repository.recordDataAccess(ACCESS);
      await repository.forgetDataSource("sales");
      await repository.removeDataSource("sales", 7, anEntry("remove"));
      await repository.forgetDataSource("sales");
      expect(await repository.dataSources()).toEqual([{ ...SALES, removedAt: 7 }]);
      await expect(repository.removeDataSource("sales", 8, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await expect(repository.changeDataSource("sales", {}, anEntry())).rejects.toMatchObject({ code: "not_found" });
      await repository.forgetDataAccess("guise_a");
      await repository.forgetDataSource("sales");
      expect(await repository.dataSources()).toEqual([]);
    });

    it("are given to a workspace, and taken from it", async () => {
      const { repository } = world();
      const other = { ...ACCESS, role: "guise_b", workspace: "w-2", address: "10.0.0.9" } as const;
      await repository.recordDataAccess(ACCESS);
      await repository.recordDataAccess(other);
      await repository.updateDataAccess("guise_a", { state: "given", address: "10.0.0.8", until: 20 });
      expect(await repository.dataAccesses("w-1")).toEqual([{ ...ACCESS, state: "given", address: "10.0.0.8", until: 20 }]);
      await repository.endDataAccesses("w-1");
      expect((await repository.dataAccesses()).map(({ role, state }) => [role, state])).toEqual([
        ["guise_a", "taking"],
        ["guise_b", "giving"],
      ]);
      await repository.forgetDataAccess("guise_a");
      expect(await repository.dataAccesses()).toEqual([other]);
    });
  });
}
