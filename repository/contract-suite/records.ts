import { describe, expect, it } from "vitest";
import { anEntry, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";

const DAY = 24 * 60 * 60 * 1000;
const KEY = { principal: "local|ada", route: "POST /v1/personas", key: "k1" };

export function recordLaws(world: () => World): void {
  describe("remembered answers", () => {
    it("are the first that was given, for 24 hours, per person and route", async () => {
      const { repository, clock } = world();
      const row = { ...KEY, bodyHash: "h1", status: 201, answer: { id: "a" }, at: clock.now() };
      await repository.rememberAnswer(row);
      await repository.rememberAnswer({ ...row, status: 500, answer: {} });
      expect(await repository.idempotent(KEY.principal, KEY.route, KEY.key)).toEqual(row);
      expect(await repository.idempotent("local|bob", KEY.route, KEY.key)).toBeUndefined();
      expect(await repository.idempotent(KEY.principal, "POST /v1/workspaces", KEY.key)).toBeUndefined();
      await expect(repository.rememberAnswer({ ...row, bodyHash: "h2" })).rejects.toMatchObject({ code: "exists" });
      clock.advance(DAY);
      expect(await repository.idempotent(KEY.principal, KEY.route, KEY.key)).toBeUndefined();
      await repository.rememberAnswer({ ...row, bodyHash: "h2", at: clock.now() });
    });

    it("complete the record that the workspace was made with", async () => {
      const repository = await withPersona(world().repository);
      const at = world().clock.now();
      await newWorkspace(repository, "ws-1", { requestedAt: at, idempotency: { ...KEY, bodyHash: "h1" } });
      const made = await repository.idempotent(KEY.principal, KEY.route, KEY.key);
      expect(made).toEqual({ ...KEY, bodyHash: "h1", status: 0, answer: { workspace: "ws-1" }, at });
      await repository.rememberAnswer({ ...KEY, bodyHash: "h1", status: 202, answer: { id: "ws-1" }, at });
      expect(await repository.idempotent(KEY.principal, KEY.route, KEY.key)).toMatchObject({ status: 202, answer: { id: "ws-1" } });
    });
  });

  describe("the audit", () => {
    it("is numbered without a gap, whatever fails beside it", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const acts = Array.from({ length: 30 }, (_, index) => [
        repository.audit({ ...anEntry("look", `t-${index}`), facts: { index } }),
        repository.setGroupPriority("nobody", "high", anEntry()).catch(() => undefined),
        repository.move({ ...stepTo(row, "ready") }).catch(() => undefined),
      ]);
      await Promise.all(acts.flat());
      const rows = await repository.auditEntries(0, 1000);
      expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
      expect(rows.filter(({ action }) => action === "look").map(({ facts }) => facts?.index)).toEqual(acts.map((_, index) => index));
    });

    it("is read in pages", async () => {
      const { repository } = world();
      await Promise.all(["a", "b", "c"].map((action) => repository.audit(anEntry(action))));
      expect(await repository.auditEntries(1, 1)).toEqual([{ ...anEntry("b"), sequence: 2 }]);
    });
  });

  it("settings are kept as they were given", async () => {
    const { repository } = world();
    expect(await repository.setting("capacity")).toBeUndefined();
    await repository.setSetting("capacity", { bandwidth: [1, null] });
    await repository.setSetting("flag", false);
    await repository.setSetting("flag", true);
    expect([await repository.setting("capacity"), await repository.setting("flag")]).toEqual([{ bandwidth: [1, null] }, true]);
  });

  it("writes that come together share commits, and one that fails fails alone", async () => {
    const { repository, commits } = world();
    const before = commits();
    const writes = Array.from({ length: 200 }, (_, index) =>
      index % 10 === 3 ? repository.setGroupPriority("nobody", "high", anEntry()) : repository.setSetting(`s-${index}`, index),
    );
    const ends = await Promise.allSettled(writes);
    expect(ends.filter(({ status }) => status === "rejected")).toHaveLength(20);
    expect(commits() - before).toBeLessThanOrEqual(10);
    expect(await Promise.all([repository.setting("s-2"), repository.setting("s-199")])).toEqual([2, 199]);
  });
}
