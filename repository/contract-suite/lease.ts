import { describe, expect, it } from "vitest";
import { newWorkspace, stepTo, type World, withPersona } from "../contract-fixtures.ts";

const MINUTE = 60_000;

export function leaseLaws(world: () => World): void {
  describe("the loop's lease", () => {
    it("is one holder's until he gives it up", async () => {
      const { repository } = world();
      expect(await repository.takeLease("loop-1", MINUTE)).toBe(true);
      expect(await repository.takeLease("loop-2", MINUTE)).toBe(false);
      expect(await repository.takeLease("loop-1", MINUTE)).toBe(true);
      await repository.releaseLease("loop-2");
      expect(await repository.takeLease("loop-2", MINUTE)).toBe(false);
      await repository.releaseLease("loop-1");
      expect(await repository.takeLease("loop-2", MINUTE)).toBe(true);
    });

    it("is anybody's when it has run out", async () => {
      const { repository } = world();
      expect(await repository.takeLease("loop-1", 0)).toBe(true);
      expect(await repository.takeLease("loop-2", MINUTE)).toBe(true);
    });

    it("once taken is needed for every move", async () => {
      const repository = await withPersona(world().repository);
      const row = await newWorkspace(repository, "ws-1");
      await repository.takeLease("loop-1", MINUTE);
      const moved = await repository.move(stepTo(row, "provisioning"));
      await repository.takeLease("loop-1", 0);
      await expect(repository.move(stepTo(moved, "ready"))).rejects.toMatchObject({ code: "lease_lost" });
      await expect(repository.moveAll([stepTo(moved, "ready")])).rejects.toMatchObject({ code: "lease_lost" });
      await repository.takeLease("loop-2", MINUTE);
      expect(await repository.takeLease("loop-1", MINUTE)).toBe(false);
      await expect(repository.move(stepTo(moved, "ready"))).rejects.toMatchObject({ code: "lease_lost" });
      await repository.releaseLease("loop-2");
      await repository.takeLease("loop-1", MINUTE);
      await repository.releaseLease("loop-1");
      await expect(repository.move(stepTo(moved, "ready"))).rejects.toMatchObject({ code: "lease_lost" });
      expect(await repository.workspace("ws-1")).toMatchObject({ state: "provisioning", revision: moved.revision });
    });
  });
}
