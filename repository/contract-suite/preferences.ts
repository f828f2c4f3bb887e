import { describe, expect, it } from "vitest";
import { anEntry, type World } from "../contract-fixtures.ts";

const PREFERENCES = { editor: "vim", files: { "~/.vimrc": { content: "set number\n" } } };

export function preferencesLaws(world: () => World): void {
  describe("preferences", () => {
    it("are each person's own, and none before they were stored", async () => {
      const { repository } = world();
      expect(await repository.preferences("local#ada")).toEqual({ revision: 0, preferences: {} });
      const stored = await repository.setPreferences("local#ada", { revision: 0, preferences: PREFERENCES }, anEntry("set"));
      expect(stored).toEqual({ revision: 1, preferences: PREFERENCES });
      expect(await repository.preferences("local#ada")).toEqual(stored);
      expect(await repository.preferences("other#ada")).toEqual({ revision: 0, preferences: {} });
      expect((await repository.auditEntries(0, 10)).map(({ action }) => action)).toEqual(["set"]);
    });

    it("are not changed by who does not know what is there", async () => {
      const { repository } = world();
      const set = (revision: number, editor: string) =>
        repository.setPreferences("local#ada", { revision, preferences: { editor } }, anEntry("set"));
      await set(0, "nano");
      await expect(set(0, "vim")).rejects.toMatchObject({ code: "stale_revision" });
      await expect(set(2, "vim")).rejects.toMatchObject({ code: "stale_revision" });
      const two = await Promise.allSettled([set(1, "emacs"), set(1, "micro")]);
      expect(two.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect((await repository.preferences("local#ada")).revision).toBe(2);
      expect(await repository.auditEntries(0, 10)).toHaveLength(2);
    });
  });
}
