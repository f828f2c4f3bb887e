import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomIds, silentLog, systemClock } from "#foundation";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import type { LaunchChange, LaunchRow, Repository, WorkspaceRow } from "#repository";
import { ApplicationLauncher } from "./launcher.ts";

/** One workspace whose launches are kept in memory. */
class World {
  readonly launches = new Map<string, LaunchRow>();
  row = {
    id: "w-1",
    generation: 1,
    state: "ready",
    persona: "p",
    version: 1,
    applications: [],
    concrete: { applications: [], layers: [] },
  } as unknown as WorkspaceRow;
  readonly launcher: ApplicationLauncher;
  sandbox: SandboxLookalike;

  constructor(sandbox: SandboxLookalike) {
    this.sandbox = sandbox;
    const repository = {
      workspace: async () => this.row,
      version: async () => undefined,
      launches: async () => [...this.launches.values()],
      recordLaunch: async (launch: LaunchRow) => void this.launches.set(launch.id, launch),
      updateLaunch: async (id: string, { again, ...change }: LaunchChange) => {
        const before = this.launches.get(id);
        if (before !== undefined) this.launches.set(id, { ...before, ...again, ...change });
      },
    } as unknown as Repository;
    const channelOf = async () => {
      const channel = await this.sandbox.connect();
      return { channel, release: () => channel.close() };
    };
    this.launcher = new ApplicationLauncher({ repository, channelOf, clock: systemClock, ids: randomIds, log: silentLog });
  }

  /** Its programs end, and a new sandbox begins. */
  async suspendAndResume(): Promise<void> {
    for (const [id, launch] of this.launches) if (launch.state === "running") this.launches.set(id, { ...launch, state: "suspended" });
    await this.sandbox[Symbol.asyncDispose]();
    this.sandbox = await SandboxLookalike.start();
    this.row = { ...this.row, generation: this.row.generation + 1 };
    await this.launcher.reopen(this.row);
  }
}

describe.skipIf(!canLookAlike())("applications in a sandbox with the real launcher inside", () => {
  let world: World;
  beforeAll(async () => {
    world = new World(await SandboxLookalike.start());
  });
  afterAll(async () => {
    world.launcher.close();
    await world.sandbox[Symbol.asyncDispose]();
  });

  test("what ends at once is written down with its exit code and what it said last", async () => {
    const given = ["-c", "printf '\\033[31mcould not translate host name\\033[0m\\n'; exit 2"];
    const { launch_id } = await world.launcher.launch(world.row, { application: "shell", arguments: given });
    await expect.poll(() => world.launches.get(launch_id)?.state).toBe("exited");
    expect((await world.launcher.list(world.row)).find((launch) => launch.launch_id === launch_id)).toMatchObject({
      state: "exited",
      exit: 2,
      said: "could not translate host name",
    });
  });

  test("what was open is opened again under its id, with what it was given", async () => {
    const given = ["-c", "sleep 1000"];
    const { launch_id } = await world.launcher.launch(world.row, { application: "shell", arguments: given });
    await world.suspendAndResume();
    expect(world.launches.get(launch_id)).toMatchObject({ state: "running", generation: 2, arguments: given });
    const channel = await world.sandbox.connect();
    // What its shell begins comes a moment after it.
    await expect.poll(async () => (await channel.run("pgrep -c -f '^sleep 1000'")).stdout).toBe("1\n");
    channel.close();
  });

  test("what cannot be opened again is told, with the reason", async () => {
    const gone = {
      id: "l-gone",
      workspace: "w-1",
      generation: 1,
      application: "gone",
      kind: "web",
      state: "suspended",
      startedAt: 1,
    } as const;
    world.launches.set(gone.id, gone);
    await world.launcher.reopen(world.row);
    expect(world.launches.get("l-gone")).toMatchObject({ state: "failed", said: expect.stringContaining('no application "gone"') });
  });
});
