import type { WorkspaceEvent } from "@guise/contract";
import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { type Channel, ProvisioningError } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import { EntryWatch } from "./entry-watch.ts";

/** What a channel does when it is asked: answers, says nothing for ever, or cannot start a program. */
type Manner = "answers" | "silent" | "refuses";

class World {
  readonly clock = new ManualClock();
  held: Manner = "answers";
  fresh: Manner | ProvisioningError = "answers";
  readonly told: string[] = [];
  readonly renewed: Channel[] = [];
  row = { id: "w-1", generation: 1, home: "h-1", state: "ready" } as WorkspaceRow;
  readonly watch = new EntryWatch({
    repository: {
      workspaces: async () => [this.row],
      workspace: async () => this.row,
    },
    driver: {
      name: "memory",
      connect: async () => {
        if (this.fresh instanceof Error) throw this.fresh;
        return channelThat(this.fresh);
      },
    },
    channelOf: async () => ({ channel: channelThat(this.held), release() {} }),
    renewChannel: (_row, channel) => void this.renewed.push(channel),
    live: { publish: (event: Omit<WorkspaceEvent, "at" | "id">) => void this.told.push(`${event.kind}: ${event.message}`) },
    clock: this.clock,
    log: silentLog,
  });

  /** Lets so many seconds pass, each answer in its time. */
  async pass(seconds: number): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      this.clock.advance(100);
      for (let turn = 0; turn < 8; turn++) await new Promise(setImmediate);
    }
  }

  /** What is under way ends in its time. */
  async end(): Promise<void> {
    const ended = this.watch.stop();
    await this.pass(5);
    await ended;
  }
}

function channelThat(manner: Manner): Channel {
  const run = async () => {
    if (manner === "silent") return new Promise<never>(() => {});
    if (manner === "refuses") throw new ProvisioningError("launch_failed", "the sandbox could not start the command");
    return { exit: 0, stdout: "", stderr: "" };
  };
  return { run, close() {} } as unknown as Channel;
}

const SHUT =
  "nobody can enter it: it answers nothing within 4 s; its programs go on, and paused and resumed it starts anew on the same home";

test("a workspace that is entered is told nothing of", async () => {
  const world = new World();
  world.watch.begin();
  await world.pass(20);
  await world.end();
  expect([world.told, world.renewed, world.watch.shutOf("w-1")]).toEqual([[], [], undefined]);
});

test.each(["silent", "refuses"] as const)(
  "a held channel that %s is replaced by a new one within ten seconds, and nobody is told",
  async (held) => {
    const world = new World();
    world.held = held;
    world.watch.begin();
    await world.pass(10);
    await world.end();
    expect(world.renewed.length).toBeGreaterThan(0);
    expect([world.told, world.watch.shutOf("w-1")]).toEqual([[], undefined]);
  },
);

test("where a new channel answers nothing either, it is told within ten seconds, once, and again when it can be entered", async () => {
  const world = new World();
  world.held = "silent";
  world.fresh = "silent";
  world.watch.begin();
  await world.pass(10.1);
  expect(world.told).toEqual([`entry: ${SHUT}`]);
  expect(world.watch.shutOf("w-1")).toMatchObject({ why: SHUT });
  await world.pass(60);
  expect(world.told).toHaveLength(1);
  world.fresh = "answers";
  await world.pass(40);
  await world.end();
  expect(world.told).toEqual([`entry: ${SHUT}`, "entry: it can be entered again"]);
  expect(world.watch.shutOf("w-1")).toBeUndefined();
});

test.each([
  ["no program starts", "refuses", "the sandbox could not start the command"],
  ["no channel opens", new ProvisioningError("channel_lost", "the channel did not open"), "the channel did not open"],
] as const)("where %s, the reason says so", async (_what, fresh, reason) => {
  const world = new World();
  world.held = "refuses";
  world.fresh = fresh;
  world.watch.begin();
  await world.pass(5);
  expect(world.watch.shutOf("w-1")?.why).toContain(`nobody can enter it: ${reason};`);
});

test.each(["sandbox_gone", "engine_unreachable"] as const)("%s is told by others", async (code) => {
  const world = new World();
  world.held = "refuses";
  world.fresh = new ProvisioningError(code, "it is");
  world.watch.begin();
  await world.pass(10);
  await world.end();
  expect(world.told).toEqual([]);
});

test("a new generation begins without what was found of the one before", async () => {
  const world = new World();
  world.held = "refuses";
  world.fresh = "refuses";
  world.watch.begin();
  await world.pass(5);
  expect(world.watch.shutOf("w-1")).toBeDefined();
  world.row = { ...world.row, generation: 2 } as WorkspaceRow;
  world.held = "answers";
  await world.pass(5);
  await world.end();
  expect(world.watch.shutOf("w-1")).toBeUndefined();
});
