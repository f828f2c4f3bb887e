import { describe, expect, it } from "vitest";
import type { World } from "../contract-fixtures.ts";
import type { NoticeRow, StoredNotice } from "../repository.ts";

const NOTICE: StoredNotice = {
  ...{ kind: "ready", workspace: "ws-1", persona: "analyst", personaName: "Analyst", environment: "production", name: "main" },
  ...{ title: "Analyst is ready", message: "It waited for 3 min.", until: 1000 },
};
const row = (change: Partial<NoticeRow> = {}): NoticeRow => ({
  ...{ id: "ws-1.7", way: "webhook", owner: "local#ada", notice: NOTICE, at: 100, attempts: 0, nextAt: 100 },
  ...change,
});

export function noticeLaws(world: () => World): void {
  describe("notices", () => {
    it("are pending until they are settled, the most urgent first, each once", async () => {
      const { repository } = world();
      await repository.addNotices([row({ nextAt: 300 }), row({ way: "mail", nextAt: 200 })], 0);
      await repository.addNotices([row({ nextAt: 50 })], 0);
      expect(await repository.pendingNotices(10)).toEqual([row({ way: "mail", nextAt: 200 }), row({ nextAt: 300 })]);
      await repository.settleNotice(row(), { attempts: 1, nextAt: 150 });
      expect((await repository.pendingNotices(1)).map(({ way, attempts, nextAt }) => [way, attempts, nextAt])).toEqual([
        ["webhook", 1, 150],
      ]);
      await repository.settleNotice(row(), { attempts: 2, nextAt: undefined });
      await repository.addNotices([row()], 0);
      expect((await repository.pendingNotices(10)).map(({ way }) => way)).toEqual(["mail"]);
    });

    it("that were told are forgotten when they are old, those that were not stay", async () => {
      const { repository } = world();
      await repository.addNotices([row(), row({ id: "ws-1.8" })], 0);
      await repository.settleNotice(row(), { attempts: 1, nextAt: undefined });
      await repository.addNotices([row({ id: "ws-1.9", at: 500, nextAt: 500 })], 200);
      await repository.addNotices([row({ nextAt: 900 })], 0);
      expect((await repository.pendingNotices(10)).map(({ id }) => id)).toEqual(["ws-1.8", "ws-1.9", "ws-1.7"]);
    });

    it("reach people at the address that was noted last", async () => {
      const { repository, commits } = world();
      expect(await repository.address("local#ada")).toBeUndefined();
      await repository.noteAddress("local#ada", "a@example.com");
      const before = commits();
      await repository.noteAddress("local#ada", "a@example.com");
      expect(commits()).toBe(before);
      await repository.noteAddress("local#ada", "b@example.com");
      expect(await repository.address("local#ada")).toBe("b@example.com");
    });
  });
}
