import type { WorkspaceEvent } from "@guise/contract";
import { expect, it } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { ProvisioningError } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { HomeRoom } from "#usage";
import { HomeWatch } from "./home-watch.ts";

const room = (used: number): HomeRoom => ({ bytes: { used: used * 2 ** 20, of: 100 * 2 ** 20 }, files: { used: 11, of: 1000 } });

it("tells when a home fills up and when it has room again, once each, and goes on when a sandbox has just ended", async () => {
  const clock = new ManualClock();
  const rooms = [room(10), room(91), room(95), new ProvisioningError("sandbox_gone", "it ended"), room(100), room(20)];
  const told: Omit<WorkspaceEvent, "at" | "id">[] = [];
  const filled: string[] = [];
  const looked = { count: 0 };
  const watch = new HomeWatch({
    repository: {
      workspaces: async () => [{ id: "w-1", generation: 1, home: "h-1" } as WorkspaceRow],
    },
    driver: {
      name: "memory",
      usage: {
        limits: () => Promise.reject(new Error("nobody asks")),
        dropped: () => Promise.reject(new Error("nobody asks")),
        sample: () => Promise.reject(new Error("nobody asks")),
        homeRoom: async () => {
          const now = rooms[looked.count++];
          if (now instanceof Error) throw now;
          return now;
        },
      },
    },
    live: { publish: (event) => told.push(event) },
    filled: async (row, { bytes }) => void filled.push(`${row.id} ${bytes.used / 2 ** 20} MiB`),
    ...{ clock, log: silentLog, period: 10 },
  });
  watch.begin();
  for (let count = 1; count <= rooms.length; count++) {
    clock.advance(10);
    await expect.poll(() => looked.count).toBe(count);
    await new Promise(setImmediate);
  }
  await watch.stop();
  expect(told.map(({ kind, message }) => [kind, message])).toEqual([
    ["home", "its home is 91 % full: 91 MiB of 100 MiB"],
    ["home", "its home is full: 100 MiB of 100 MiB; delete something"],
    ["home", "its home is 20 % full: 20 MiB of 100 MiB"],
  ]);
  expect(filled).toEqual(["w-1 100 MiB"]);
  expect(watch.fullnessOf("w-1")?.state).toBe("roomy");
});
