import { describe, expect, it } from "vitest";
import { anEntry, aWorkspace, bringTo, newWorkspace, type World, withPersona } from "../contract-fixtures.ts";

const KEY = { principal: "local|ada", route: "POST /v1/workspaces", key: "k1", bodyHash: "h1" };
const DAY = 24 * 60 * 60 * 1000;

export function requestLaws(world: () => World): void {
  describe("a request", () => {
    it("makes a queued workspace with event, audit entry and key, in one commit", async () => {
      const repository = await withPersona(world().repository);
      const before = world().commits();
      const asked = aWorkspace("ws-1", { reason: "waiting_in_line", message: "the image is being built", idempotency: KEY });
      const { workspace, existed } = await repository.createWorkspace(asked, anEntry("request", "ws-1"));
      expect(world().commits() - before).toBe(1);
      const { idempotency: _, keepHome: __, ...kept } = asked;
      expect(existed).toBe(false);
      expect(workspace).toMatchObject({ ...kept, state: "queued", desired: "ready", revision: 1, generation: 0, queuedSince: 100 });
      expect(await repository.workspace("ws-1")).toEqual(workspace);
      expect((await repository.auditEntries(0, 100)).at(-1)).toMatchObject({ action: "request", target: "ws-1" });
      const { events } = await repository.events("ws-1", 0);
      expect(events).toEqual([
        {
          ...{ id: "ws-1.1", kind: "state", workspace: "ws-1", at: "1970-01-01T00:00:00.100Z" },
          ...{ state: "queued", reason: "waiting_in_line", message: "the image is being built" },
        },
      ]);
    });

    it("of what is held gives that back and writes nothing", async () => {
      const repository = await withPersona(world().repository);
      const first = await newWorkspace(repository, "ws-1", { name: "main" });
      const before = { audit: await repository.auditEntries(0, 100), events: await repository.events("ws-1", 0) };
      const again = await repository.createWorkspace(aWorkspace("ws-2", { name: "main", parameters: { region: "EU" } }), anEntry());
      expect(again).toEqual({ workspace: first, existed: true });
      expect({ audit: await repository.auditEntries(0, 100), events: await repository.events("ws-1", 0) }).toEqual(before);
      expect(await repository.workspace("ws-2")).toBeUndefined();
    });

    it("sent many times at once makes one workspace", async () => {
      const repository = await withPersona(world().repository);
      const ids = Array.from({ length: 20 }, (_, index) => `ws-${index}`);
      const answers = await Promise.all(ids.map((id) => repository.createWorkspace(aWorkspace(id, { name: "main" }), anEntry())));
      expect(answers.filter(({ existed }) => !existed)).toHaveLength(1);
      expect(new Set(answers.map(({ workspace }) => workspace.id)).size).toBe(1);
      expect(await repository.workspaces({})).toHaveLength(1);
    });

    it("differs by owner, environment and name, and is free again after release", async () => {
      const repository = await withPersona(world().repository);
      const first = await newWorkspace(repository, "ws-1", { name: "main" });
      await newWorkspace(repository, "ws-2", { name: "main", owner: "local|bob" });
      await newWorkspace(repository, "ws-3", { name: "main", environment: "staging" });
      await newWorkspace(repository, "ws-4", { name: "other" });
      await bringTo(repository, first, "released");
      await newWorkspace(repository, "ws-5", { name: "main" });
      const all = await repository.workspaces({});
      expect(all.map(({ id }) => id)).toEqual(["ws-1", "ws-2", "ws-3", "ws-4", "ws-5"]);
    });

    it("with a known key is the same request, even after release, for 24 hours", async () => {
      const { clock } = world();
      const repository = await withPersona(world().repository);
      const at = { requestedAt: clock.now(), idempotency: KEY, name: "main" };
      const first = await newWorkspace(repository, "ws-1", at);
      const done = await bringTo(repository, first, "released");
      const again = await repository.createWorkspace(aWorkspace("ws-2", at), anEntry());
      expect(again).toEqual({ workspace: done, existed: true });
      clock.advance(DAY);
      const later = await repository.createWorkspace(aWorkspace("ws-3", { ...at, requestedAt: clock.now() }), anEntry());
      expect(later.existed).toBe(false);
    });

    it("with a known key and another body is refused, and writes nothing", async () => {
      const repository = await withPersona(world().repository);
      const requestedAt = world().clock.now();
      await newWorkspace(repository, "ws-1", { requestedAt, idempotency: KEY });
      const other = aWorkspace("ws-2", { requestedAt, idempotency: { ...KEY, bodyHash: "h2" } });
      await expect(repository.createWorkspace(other, anEntry())).rejects.toMatchObject({ code: "exists" });
      expect(await repository.workspaces({})).toHaveLength(1);
    });

    it("of a version that is not there is not found", async () => {
      const { repository } = world();
      await expect(newWorkspace(repository, "ws-1")).rejects.toMatchObject({ code: "not_found" });
      expect(await repository.auditEntries(0, 10)).toEqual([]);
    });

    it("is found by owner, persona, state, and by not being settled", async () => {
      const repository = await withPersona(world().repository);
      const [one, two, three] = await Promise.all(["ws-1", "ws-2", "ws-3"].map((id) => newWorkspace(repository, id)));
      if (one === undefined || two === undefined || three === undefined) throw new Error("three were made");
      await newWorkspace(repository, "ws-4", { owner: "local|bob" });
      await bringTo(repository, one, "ready");
      await bringTo(repository, two, "released");
      await bringTo(repository, three, "ready");
      await repository.setDesired("ws-3", { desired: "released", reason: "given_back", by: "local|ada" }, anEntry());
      const ids = async (filter: Parameters<typeof repository.workspaces>[0]) => (await repository.workspaces(filter)).map(({ id }) => id);
      expect(await ids({ owner: "local|bob" })).toEqual(["ws-4"]);
      expect(await ids({ persona: "none" })).toEqual([]);
      expect(await ids({ states: ["ready", "released"] })).toEqual(["ws-1", "ws-2", "ws-3"]);
      expect(await ids({ states: [] })).toEqual([]);
      expect(await ids({ ids: ["ws-4", "ws-1", "ws-none"] })).toEqual(["ws-1", "ws-4"]);
      expect(await ids({ ids: [] })).toEqual([]);
      expect((await repository.unsettled({ limit: 9 })).map(({ id }) => id)).toEqual(["ws-3", "ws-4"]);
      expect(await repository.countByState()).toEqual(
        new Map([
          ["queued", 1],
          ["ready", 2],
        ]),
      );
      expect(await ids({ limit: 2 })).toEqual(["ws-1", "ws-2"]);
    });

    it("is one too many where its owner has as many as he may, in the queue or in all; who is on the way out, and others', do not count", async () => {
      const repository = await withPersona(world().repository);
      const more = (id: string, most: object, owner = "local|ada") => newWorkspace(repository, id, { most, owner });
      await more("ws-1", { held: 2 });
      await bringTo(repository, await more("ws-2", { held: 2, waiting: 2 }), "ready");
      await expect(more("ws-3", { held: 2 })).rejects.toMatchObject({ code: "too_many", detail: { limit: "held", most: 2, present: 2 } });
      await expect(more("ws-3", { waiting: 1 })).rejects.toMatchObject({
        code: "too_many",
        detail: { limit: "waiting", most: 1, present: 1 },
      });
      expect(await repository.workspace("ws-3")).toBeUndefined();
      await more("ws-4", { held: 1 }, "local|bob");
      await repository.setDesired("ws-2", { desired: "released", reason: "given_back", by: "local|ada" }, anEntry());
      await more("ws-3", { held: 2, waiting: Number.POSITIVE_INFINITY });
      const together = await Promise.allSettled(["ws-5", "ws-6", "ws-7"].map((id) => more(id, { held: 3 })));
      expect(together.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    });

    it("may not be resumed where as many of its owner wait as may", async () => {
      const repository = await withPersona(world().repository);
      await bringTo(repository, await newWorkspace(repository, "ws-1"), "suspended");
      await repository.setDesired("ws-1", { desired: "suspended", reason: "suspended_by_person", by: "local|ada" }, anEntry());
      await newWorkspace(repository, "ws-2");
      const resume = (waiting: number) =>
        repository.setDesired("ws-1", { desired: "ready", reason: "starting", by: "local|ada", most: { waiting } }, anEntry());
      await expect(resume(1)).rejects.toMatchObject({ code: "too_many" });
      expect((await repository.workspace("ws-1"))?.desired).toBe("suspended");
      expect((await resume(2)).desired).toBe("ready");
      await expect(newWorkspace(repository, "ws-3", { most: { waiting: 2 } })).rejects.toMatchObject({ code: "too_many" });
    });

    it("is gone through page by page, without one twice or left out, also where many came at the same time", async () => {
      const repository = await withPersona(world().repository);
      for (let at = 0; at < 7; at++) await newWorkspace(repository, `ws-${at}`, { requestedAt: 100 + Math.floor(at / 3) });
      for (const read of [repository.unsettled, repository.queued]) {
        const seen: string[] = [];
        for (let page = await read({ limit: 2 }); page.length > 0; page = await read({ limit: 2, after: page.at(-1) }))
          seen.push(...page.map(({ id }) => id));
        expect(seen).toEqual(["ws-0", "ws-1", "ws-2", "ws-3", "ws-4", "ws-5", "ws-6"]);
      }
      const [first] = await repository.queued({ limit: 1 });
      expect(first).toMatchObject({ owner: "local|ada", group: "analytics", priority: "normal", home: "h-ws-0", queuedSince: 100 });
      expect(await repository.stays({ ids: ["ws-1"] })).toMatchObject([{ id: "ws-1", persona: "analyst", state: "queued" }]);
      expect(await repository.stays({ states: ["ready"] })).toEqual([]);
    });
  });
}
