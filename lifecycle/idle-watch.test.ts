import type { WorkspaceEvent } from "@guise/contract";
import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { Repository, WorkspaceRow } from "#repository";
import { Activity } from "#usage";
import { IdleWatch } from "./idle-watch.ts";

const MINUTE = 60_000;
const SECOND = 1_000;
const ID = "w-1";

/** A workspace that may be idle for 15 minutes, by a clock that is moved by hand; everybody is looked at each 15 seconds. */
class Watched {
  readonly clock = new ManualClock();
  readonly activity = new Activity(this.clock);
  readonly told: Pick<WorkspaceEvent, "reason" | "message">[] = [];
  readonly audited: unknown[] = [];
  row = { id: ID, state: "ready", desired: "ready", generation: 1, concrete: { idleAfter: 15 * MINUTE } } as unknown as WorkspaceRow;
  cpu = 0;
  busy = false;
  asked = 0;
  /** Happens while an application is asked. */
  meanwhile: () => void = () => {};
  readonly watch = new IdleWatch({
    repository: {
      workspaces: async () => (this.row.state === "ready" ? [this.row] : []),
      workspace: async () => this.row,
      setDesired: async (_id: string, wish: object, entry: { facts: unknown }) => {
        this.audited.push(entry.facts);
        this.row = { ...this.row, ...wish };
        return this.row;
      },
    } as unknown as Repository,
    cpuOf: () => ({ at: this.clock.monotonic(), used: this.cpu }),
    isBusy: async () => {
      this.asked++;
      this.meanwhile();
      return this.busy;
    },
    activity: this.activity,
    live: { publish: (event: WorkspaceEvent) => void this.told.push({ reason: event.reason, message: event.message }) } as never,
    clock: this.clock,
    log: silentLog,
    wake: () => {},
  });

  /** Time passes; `each` happens before every look. */
  async pass(milliseconds: number, each: () => void = () => {}): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 15 * SECOND) {
      this.clock.advance(15 * SECOND);
      each();
      await this.watch.look();
    }
  }

  get idle() {
    return this.watch.idlenessOf(this.row);
  }
}

let world: Watched;
beforeEach(async () => {
  world = new Watched();
  await world.watch.look();
});

describe("a workspace that nobody uses", () => {
  test("is warned once, then suspended, and the audit says how it was used last", async () => {
    await world.pass(MINUTE, () => world.activity.note(ID, "input"));
    await world.pass(11 * MINUTE + 45 * SECOND);
    expect(world.told).toEqual([]);
    await world.pass(2 * MINUTE);
    expect(world.told).toEqual([
      {
        reason: "idle",
        message: "idle for 12 min (last use: something was typed or sent into it); suspended in 3 min unless it is used or kept",
      },
    ]);
    expect(world.idle).toMatchObject({ state: "warned", uses: [{ use: "input" }, { use: "ready" }] });
    await world.pass(2 * MINUTE);
    expect(world.row.desired).toBe("suspended");
    expect(world.audited).toEqual([
      {
        idle_for: 15 * MINUTE,
        why: "last use 15 min ago: something was typed or sent into it; before that: it became ready, or Guise was started, 16 min ago",
      },
    ]);
  });

  test("that is used after the warning is left alone, which is told", async () => {
    await world.pass(13 * MINUTE);
    await world.pass(15 * SECOND, () => world.activity.note(ID, "output"));
    expect(world.told.map(({ reason, message }) => [reason, message])).toEqual([
      ["idle", expect.stringContaining("suspended in 3 min")],
      [undefined, "in use again"],
    ]);
    await world.pass(14 * MINUTE);
    expect(world.row.desired).toBe("ready");
  });
});

describe("a workspace is in use", () => {
  test("for hours while somebody waits for a command, and for its time after that", async () => {
    const over = world.activity.begin(ID, "command");
    await world.pass(5 * 60 * MINUTE);
    expect([world.told, world.idle?.state]).toEqual([[], "used"]);
    over();
    await world.pass(14 * MINUTE);
    expect(world.row.desired).toBe("ready");
    await world.pass(MINUTE);
    expect(world.row.desired).toBe("suspended");
  });

  test.each([
    ["more than a twentieth of a core", 0.06, "ready"],
    ["less, as what only waits does", 0.04, "suspended"],
  ])("while its programs take %s", async (_what, share, desired) => {
    await world.pass(30 * MINUTE, () => {
      world.cpu += 15 * SECOND * share;
    });
    expect(world.row.desired).toBe(desired);
  });

  test("while an application says that it works, which is asked once a minute, and only when nothing else says so", async () => {
    await world.pass(10 * MINUTE, () => world.activity.note(ID, "input"));
    expect(world.asked).toBe(0);
    world.busy = true;
    await world.pass(60 * MINUTE);
    expect(world.row.desired).toBe("ready");
    expect(world.asked).toBeLessThanOrEqual(60);
    world.busy = false;
    await world.pass(16 * MINUTE);
    expect(world.row.desired).toBe("suspended");
  });
});

test("whoever gives it back while an application is asked has the last word", async () => {
  await world.pass(14 * MINUTE + 45 * SECOND);
  world.meanwhile = () => {
    world.row = { ...world.row, desired: "released" };
  };
  await world.pass(15 * SECOND);
  expect([world.row.desired, world.audited]).toEqual(["released", []]);
});
