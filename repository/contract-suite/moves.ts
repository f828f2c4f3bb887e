import { WORKSPACE_STATES } from "@guise/contract";
import { describe, expect, it } from "vitest";
import { transitionOf } from "#workspace";
import { anEntry, bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";
import type { WorkspaceStep } from "../repository.ts";

export function moveLaws(world: () => World): void {
  describe("a move", () => {
    it("is allowed for exactly the pairs of the table, and within a state that is not the last", async () => {
      const repository = await withPersona(world().repository);
      const pairs = WORKSPACE_STATES.flatMap((from) => WORKSPACE_STATES.map((to) => ({ from, to })));
      const found = await Promise.all(
        pairs.map(async ({ from, to }) => {
          const row = await bringTo(repository, await newWorkspace(repository, `ws-${from}-${to}`), from);
          const moved = await repository.move(stepTo(row, to)).catch((error: unknown) => error);
          return { from, to, moved };
        }),
      );
      for (const { from, to, moved } of found) {
        const allowed = transitionOf(from, to) !== undefined || (from === to && to !== "released");
        expect(moved, `${from} to ${to}`).toMatchObject(allowed ? { state: to } : { code: "invalid_transition" });
      }
    });

    it("takes only a reason that goes with it; without one the present reason stays", async () => {
      const repository = await withPersona(world().repository);
      const row = await bringTo(repository, await newWorkspace(repository, "ws-1"), "ready");
      expect(row.reason).toBeUndefined();
      await expect(repository.move(stepTo(row, "releasing", { reason: "displaced" }))).rejects.toMatchObject({
        code: "invalid_transition",
      });
      const releasing = await repository.move(stepTo(row, "releasing", { reason: "lifetime_ended" }));
      const released = await repository.move({
        id: "ws-1",
        revision: releasing.revision,
        to: "released",
        at: 300,
        free: true,
        home: "drop",
      });
      expect(released).toMatchObject({ state: "released", reason: "lifetime_ended", releasedAt: 300 });
      expect((await repository.events("ws-1", releasing.revision)).events).toMatchObject([{ state: "released", reason: "lifetime_ended" }]);
    });

    it("cannot leave out a reason where the present one does not do", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const step = { id: "ws-1", revision: row.revision, to: "releasing", at: 1 };
      await expect(repository.move(step as WorkspaceStep)).rejects.toMatchObject({ code: "invalid_transition" });
    });

    it("with a stale revision loses and changes nothing", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const tries = Array.from({ length: 10 }, () => repository.move(stepTo(row, "provisioning", { newGeneration: { engineName: "e" } })));
      const ends = await Promise.allSettled(tries);
      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const end of ends) if (end.status === "rejected") expect(end.reason).toMatchObject({ code: "stale_revision" });
      expect(await repository.workspace("ws-1")).toMatchObject({ revision: 2, generation: 1 });
      expect((await repository.events("ws-1", 1)).events).toHaveLength(1);
      await expect(repository.move({ ...stepTo(row, "ready"), id: "ws-none" })).rejects.toMatchObject({ code: "not_found" });
    });

    it("raises the generation, and forgets handle and phases of the one before", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const one = await repository.move(stepTo(row, "provisioning", { newGeneration: { engineName: "e1" } }));
      await repository.storeHandle("ws-1", 1, { driver: "memory", version: 1 });
      await expect(repository.storeHandle("ws-1", 2, {})).rejects.toMatchObject({ code: "stale_generation" });
      await expect(repository.storeHandle("ws-none", 1, {})).rejects.toMatchObject({ code: "not_found" });
      const ready = await repository.move(stepTo(one, "ready", { phases: [{ phase: "image", took: 5 }], readyAt: 250, expiresAt: 900 }));
      expect(ready).toMatchObject({ handle: { driver: "memory" }, phases: [{ phase: "image", took: 5 }], readyAt: 250, expiresAt: 900 });
      const two = await repository.move(stepTo(ready, "provisioning", { newGeneration: { engineName: "e2" } }));
      expect(two).toMatchObject({ generation: 2, engineName: "e2", handle: undefined, phases: [], reason: "sandbox_lost" });
    });

    it("adds phases to those of the same generation", async () => {
      const repository = await withPersona(world().repository);
      const row = await bringTo(repository, await newWorkspace(repository, "ws-1"), "provisioning");
      const image = { phase: "image", took: 5 } as const;
      const sandbox = { phase: "sandbox", took: 6 } as const;
      const network = { phase: "network", took: 7 } as const;
      const one = await repository.move(stepTo(row, "provisioning", { phases: [image, sandbox] }));
      const two = await repository.move(stepTo(one, "provisioning", { attempts: 2 }));
      const three = await repository.move(stepTo(two, "ready", { phases: [network], applications: [], receipt: { kept: 1 } }));
      expect(three).toMatchObject({ phases: [image, sandbox, network], attempts: 2, receipt: { kept: 1 } });
    });

    it("and a launch bring their entry for the audit", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const before = (await repository.auditEntries(0, 100)).length;
      await repository.move(stepTo(row, "provisioning", { audit: anEntry("admit", "ws-1") }));
      await repository.move(stepTo(row, "provisioning", { audit: anEntry("admit twice", "ws-1") })).catch(() => undefined);
      const launch = { id: "l-1", workspace: "ws-1", generation: 1, application: "psql", kind: "terminal", state: "running" } as const;
      await repository.recordLaunch({ ...launch, startedAt: 1 }, anEntry("launch", "ws-1"));
      expect((await repository.auditEntries(before, 100)).map(({ action }) => action)).toEqual(["admit", "launch"]);
    });
  });
}
