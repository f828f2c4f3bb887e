import type { WorkspaceEvent } from "@guise/contract";
import { describe, expect, it } from "vitest";
import { bringTo, newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";
import type { Repository } from "../repository.ts";

function heard(repository: Repository): { events: WorkspaceEvent[]; stop: () => void } {
  const events: WorkspaceEvent[] = [];
  const stop = repository.onEvents((some) => events.push(...some));
  return { events, stop };
}

async function aLaunch(repository: Repository, id: string): Promise<void> {
  const launch = { workspace: "ws-1", generation: 1, application: "psql", kind: "web", state: "starting" } as const;
  await repository.recordLaunch({ id, ...launch, startedAt: 300, web: { port: 8888, path: "/lab" } });
}

export function eventLaws(world: () => World): void {
  describe("events", () => {
    it("are heard after the commit, in the order in which they are replayed", async () => {
      const repository = await withPersona(world().repository);
      const { events } = heard(repository);
      const queued = await newWorkspace(repository, "ws-1");
      const started = await bringTo(repository, queued, "provisioning");
      const phases = [{ phase: "image", took: 3 } as const, { phase: "network", took: 4 } as const];
      await repository.move(stepTo(started, "ready", { phases }));
      await aLaunch(repository, "l-1");
      await repository.updateLaunch("l-1", { state: "exited", exit: 3, endedAt: 400 });
      const ids = ["ws-1.1", "ws-1.2", "ws-1.2.1", "ws-1.2.2", "ws-1.3", "ws-1.3.1", "ws-1.3.2"];
      expect(events.map(({ id }) => id)).toEqual(ids);
      expect((await repository.events("ws-1", 0)).events).toEqual(events);
      expect(events.at(-1)).toMatchObject({ kind: "launch", launch: "l-1", application: "psql", message: "psql exited with 3" });
    });

    it("tell of programs that the kernel ended, which are read again by their workspace, the newest first", async () => {
      const repository = await withPersona(world().repository);
      const { events } = heard(repository);
      await newWorkspace(repository, "ws-1");
      const note = { limit: "memory", at: "2026-01-01T12:03:04.000Z", count: 1, message: "too much", remedy: "more" } as const;
      await repository.recordKill("ws-1", { ...note, program: "python3" });
      await repository.recordKill("ws-1", { ...note, at: "2026-01-01T12:05:00.000Z" });
      expect(events.at(-2)).toMatchObject({ id: "ws-1.1.1", kind: "killed", at: note.at, limit: { program: "python3" } });
      expect((await repository.kills("ws-1", 10)).map(({ at, program }) => [at, program])).toEqual([
        ["2026-01-01T12:05:00.000Z", undefined],
        [note.at, "python3"],
      ]);
      expect(await repository.kills("ws-1", 1)).toHaveLength(1);
      await expect(repository.recordKill("ws-9", note)).rejects.toMatchObject({ code: "not_found" });
    });

    it("are replayed from where a reader was, also between two of one revision", async () => {
      const repository = await withPersona(world().repository);
      const started = await bringTo(repository, await newWorkspace(repository, "ws-1"), "provisioning");
      const phases = [{ phase: "image", took: 3 } as const, { phase: "network", took: 4 } as const];
      await repository.move(stepTo(started, "ready", { phases }));
      const replayed = async (revision: number, part?: number) =>
        (await repository.events("ws-1", revision, part)).events.map(({ id }) => id);
      expect(await replayed(2)).toEqual(["ws-1.2.1", "ws-1.2.2", "ws-1.3"]);
      expect(await replayed(2, 1)).toEqual(["ws-1.2.2", "ws-1.3"]);
      expect(await replayed(3)).toEqual([]);
    });

    it("of a write that did not hold are not heard and not kept", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      const { events } = heard(repository);
      await expect(repository.move(stepTo(row, "ready", { phases: [{ phase: "image", took: 1 }] }))).rejects.toThrow();
      expect(events).toEqual([]);
      expect((await repository.events("ws-1", 1)).events).toEqual([]);
    });

    it("that are old are forgotten, and a reader of those is told to begin anew", async () => {
      const repository = await withPersona(world().repository);
      let row = await bringTo(repository, await newWorkspace(repository, "ws-1"), "provisioning");
      while (row.revision < 10)
        row = await repository.move(stepTo(row, "provisioning", { phases: [{ phase: "image", took: row.revision }] }));
      const { events, reset } = await repository.events("ws-1", 0);
      expect(reset).toBe(true);
      expect(events[0]?.id).toBe("ws-1.5");
      expect((await repository.events("ws-1", 4)).reset).toBe(true);
      expect((await repository.events("ws-1", 5)).reset).toBe(false);
      expect(await repository.events("ws-1", 11)).toEqual({ events: [], reset: true });
      await expect(repository.events("ws-none", 0)).rejects.toMatchObject({ code: "not_found" });
    });

    it("do not reach a listener that left, and one that throws hurts nobody", async () => {
      const repository = await withPersona(world().repository);
      repository.onEvents(() => {
        throw new Error("a bad listener");
      });
      const { events, stop } = heard(repository);
      const row = await newWorkspace(repository, "ws-1");
      stop();
      await bringTo(repository, row, "provisioning");
      expect(events.map(({ id }) => id)).toEqual(["ws-1.1"]);
    });
  });

  describe("launches", () => {
    it("are opened again under their id in another generation, with what they were given", async () => {
      const repository = await withPersona(world().repository);
      await newWorkspace(repository, "ws-1");
      const launch = { id: "l-1", workspace: "ws-1", application: "psql", kind: "terminal", arguments: ["-d", "sales"] } as const;
      await repository.recordLaunch({ ...launch, generation: 1, state: "suspended", startedAt: 300 });
      await repository.updateLaunch("l-1", { state: "starting", again: { generation: 2, startedAt: 500 } });
      expect(await repository.launches("ws-1")).toEqual([{ ...launch, generation: 2, state: "starting", startedAt: 500 }]);
      await repository.updateLaunch("l-1", { state: "exited", exit: 2, endedAt: 600, said: "no such host" });
      expect((await repository.launches("ws-1"))[0]).toMatchObject({ state: "exited", exit: 2, endedAt: 600, said: "no such host" });
    });

    it("are kept with how they ended", async () => {
      const repository = await withPersona(world().repository);
      await newWorkspace(repository, "ws-1");
      await aLaunch(repository, "l-1");
      await repository.updateLaunch("l-1", { state: "running" });
      await repository.updateLaunch("l-1", { state: "exited", exit: 0, endedAt: 400 });
      expect(await repository.launches("ws-1")).toEqual([
        {
          ...{ id: "l-1", workspace: "ws-1", generation: 1, application: "psql", kind: "web", state: "exited" },
          ...{ startedAt: 300, endedAt: 400, exit: 0, web: { port: 8888, path: "/lab" } },
        },
      ]);
      await expect(aLaunch(repository, "l-1")).rejects.toMatchObject({ code: "exists" });
      await expect(repository.updateLaunch("l-none", { state: "lost" })).rejects.toMatchObject({ code: "not_found" });
    });

    it("of no workspace are refused", async () => {
      await expect(aLaunch(world().repository, "l-1")).rejects.toMatchObject({ code: "not_found" });
    });
  });
}
