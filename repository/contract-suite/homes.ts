import { describe, expect, it } from "vitest";
import { AMOUNTS, anEntry, bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";
import type { Repository, WorkspaceRow } from "../repository.ts";

const KEPT = { name: "main", keepHome: true } as const;
const KEY = { owner: "local|ada", persona: "analyst", environment: "production", name: "main" };

/** Through an allocation to `releasing`, and given back with or without its home. */
async function usedAndReleased(repository: Repository, row: WorkspaceRow, home: "keep" | "drop"): Promise<WorkspaceRow> {
  const allocate = { node: "node-1", amounts: AMOUNTS };
  const started = await repository.move(stepTo(row, "provisioning", { allocate, newGeneration: { engineName: "e" } }));
  const releasing = await bringTo(repository, started, "releasing");
  return repository.move(stepTo(releasing, "released", { free: true, home }));
}

export function homeLaws(world: () => World): void {
  describe("a home", () => {
    it("is made with its workspace, and goes with it", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1", { name: "main" });
      expect(row.home).toBe("h-ws-1");
      expect(await repository.home("h-ws-1")).toMatchObject({ ...KEY, group: "analytics", workspace: "ws-1", bytes: 0, keep: false });
      await bringTo(repository, row, "released");
      expect(await repository.homes({})).toEqual([]);
    });

    it("that is kept is nobody's afterwards, charged with what it held, and the next workspace's", async () => {
      const repository = await withPersona(world().repository);
      await usedAndReleased(repository, await newWorkspace(repository, "ws-1", KEPT), "keep");
      const kept = await repository.keptHome(KEY);
      expect(kept).toMatchObject({ home: "h-ws-1", workspace: undefined, node: "node-1", bytes: AMOUNTS.storage, usedAt: 200 });
      expect(await repository.homes({ charged: true })).toEqual([kept]);
      const next = await newWorkspace(repository, "ws-2", { ...KEPT, group: "leads" });
      expect(next.home).toBe("h-ws-1");
      expect(await repository.keptHome(KEY)).toBeUndefined();
      expect(await repository.home("h-ws-1")).toMatchObject({ workspace: "ws-2", group: "leads", bytes: AMOUNTS.storage });
    });

    it("is for the same person, persona, environment and name alone", async () => {
      const repository = await withPersona(world().repository);
      await usedAndReleased(repository, await newWorkspace(repository, "ws-1", KEPT), "keep");
      const others = [{ owner: "local|bob" }, { environment: "staging" }, { name: "other" }];
      for (const [index, other] of others.entries()) {
        const { home } = await newWorkspace(repository, `ws-o${index}`, { ...KEPT, ...other });
        expect(home).toBe(`h-ws-o${index}`);
      }
      expect((await repository.keptHome(KEY))?.home).toBe("h-ws-1");
    });

    it("is kept where that is said with the wish, and then for every workspace of its key, also one that would keep none", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1", { name: "main" });
      const wish = {
        desired: "released",
        reason: "stopped_by_operator",
        by: "local|olga",
        note: "olga: the disk is full",
        keepHome: true,
      } as const;
      expect(await repository.setDesired("ws-1", wish, anEntry())).toMatchObject({ desiredNote: "olga: the disk is full" });
      expect(await repository.home("h-ws-1")).toMatchObject({ keep: true });
      await usedAndReleased(repository, row, "keep");
      const next = await newWorkspace(repository, "ws-2", { name: "main", keepHome: false });
      expect([next.home, (await repository.home(next.home))?.keep]).toEqual(["h-ws-1", true]);
    });

    it("is charged once, however often its workspace lets it go", async () => {
      const repository = await withPersona(world().repository);
      let row = await newWorkspace(repository, "ws-1", KEPT);
      for (const storage of [AMOUNTS.storage, 0]) {
        const allocate = { node: "node-1", amounts: { ...AMOUNTS, storage } };
        row = await repository.move(stepTo(row, "provisioning", { allocate, newGeneration: { engineName: "e" } }));
        row = await bringTo(repository, row, "suspending");
        row = await repository.move(stepTo(row, "suspended", { free: true, home: "keep" }));
        expect(await repository.home("h-ws-1")).toMatchObject({ workspace: "ws-1", bytes: AMOUNTS.storage, node: "node-1" });
        row = await bringTo(repository, row, "queued");
      }
    });

    it("that is wanted by two at once is one's", async () => {
      const repository = await withPersona(world().repository);
      await usedAndReleased(repository, await newWorkspace(repository, "ws-1", KEPT), "keep");
      const made = await Promise.all(["ws-2", "ws-3"].map((id) => newWorkspace(repository, id, KEPT)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(made[0]?.home).toBe("h-ws-1");
    });

    it("is deleted only while nobody has it, and nobody gets it any more", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1", KEPT);
      await expect(repository.doomHome("h-ws-1", anEntry())).rejects.toMatchObject({ code: "home_in_use" });
      await expect(repository.doomHome("h-none", anEntry())).rejects.toMatchObject({ code: "not_found" });
      await usedAndReleased(repository, row, "keep");
      expect(await repository.doomHome("h-ws-1", anEntry("delete_home", "h-ws-1"))).toMatchObject({ doomed: true });
      expect((await repository.auditEntries(0, 100)).at(-1)).toMatchObject({ action: "delete_home" });
      expect((await newWorkspace(repository, "ws-2", KEPT)).home).toBe("h-ws-2");
      expect((await repository.homes({ doomed: true })).map(({ home }) => home)).toEqual(["h-ws-1"]);
      await repository.forgetHome("h-ws-1");
      await repository.forgetHome("h-ws-1");
      await repository.forgetHome("h-ws-2");
      expect((await repository.homes({})).map(({ home }) => home)).toEqual(["h-ws-2"]);
    });

    it("is dropped with the workspace that says so", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1", KEPT);
      const wish = { desired: "released", reason: "given_back", by: "ada", dropHome: true } as const;
      expect((await repository.setDesired("ws-1", wish, anEntry())).dropHome).toBe(true);
      await usedAndReleased(repository, row, "drop");
      expect(await repository.homes({})).toEqual([]);
    });
  });
}
