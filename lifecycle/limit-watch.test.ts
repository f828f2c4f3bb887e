import type { LimitNote, WorkspaceEvent } from "@guise/contract";
import { beforeEach, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { ProvisioningError, type UsagePower } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import { LimitWatch } from "./limit-watch.ts";

type Reading = Awaited<ReturnType<UsagePower["limits"]>>;

let clock: ManualClock;
let reading: Reading;
let answer: () => Promise<Reading>;
let dropped: { ingress: number; egress: number };
let asked: number;
let told: Omit<WorkspaceEvent, "at" | "id">[];
let recorded: LimitNote[];
let earlier: LimitNote[];

const MI = 2 ** 20;
const row = (over: Partial<WorkspaceRow> = {}) =>
  ({
    ...{ id: "w-1", generation: 1, home: "h", state: "ready", readyAt: clock.now() + 1, concrete: {} },
    demand: { cpu: 1000, ram: 256 * MI, storage: MI, ingress: 10e6, egress: 10e6 },
    ...over,
  }) as WorkspaceRow;

beforeEach(() => {
  clock = new ManualClock();
  reading = { kills: 0, refusedProcesses: 0, ramMost: 7, killed: [] };
  answer = async () => reading;
  dropped = { ingress: 0, egress: 0 };
  [asked, told, recorded, earlier] = [0, [], [], []];
});

function watch(): LimitWatch {
  return new LimitWatch({
    repository: { recordKill: async (_, note) => void recorded.push(note), kills: async () => earlier },
    driver: {
      name: "memory",
      usage: {
        limits: () => answer(),
        dropped: async () => {
          asked++;
          return dropped;
        },
      } as unknown as UsagePower,
    },
    live: { publish: (event) => told.push(event), subscribeToAll: () => () => {} },
    ...{ clock, log: silentLog },
  });
}

const killed = (program: string) => ({ program, at: clock.now() });

/** As the usage is measured. */
const look = (limits: LimitWatch, of = row(), over: Partial<Parameters<LimitWatch["measured"]>[1]> = {}) =>
  limits.measured(of, { limits: reading, rates: { ingress: 0, egress: 0 }, applications: new Set(), ...over });

test("a program that was killed is written down with its name, and who waits for its end is told", async () => {
  const limits = watch();
  await look(limits);
  const began = clock.monotonic();
  clock.advance(2_000);
  reading = { ...reading, kills: 1, killed: [killed("py\u001b[31mthon3")] };
  const note = await limits.killedSince(row(), began);
  expect(note).toMatchObject({ limit: "memory", program: "py[31mthon3", count: 1, at: new Date(clock.now()).toISOString() });
  expect(note?.message).toBe("py[31mthon3 used more than the 256 MiB ram of this workspace");
  expect(recorded).toEqual([note]);
  expect(limits.notesOf("w-1")).toEqual([note]);
});

test("who was ended otherwise is told nothing, though something was killed before it began", async () => {
  const limits = watch();
  reading = { ...reading, kills: 1 };
  await look(limits);
  clock.advance(1);
  expect(await limits.killedSince(row(), clock.monotonic())).toBeUndefined();
});

test("a second kill within a minute is counted, not written down again; looks at the same time count it once", async () => {
  const limits = watch();
  await look(limits);
  reading = { ...reading, kills: 1, killed: [killed("a")] };
  await look(limits);
  clock.advance(10_000);
  reading = { ...reading, kills: 2, killed: [killed("b")] };
  const [note] = await Promise.all([limits.killedSince(row(), 0), look(limits), look(limits)]);
  expect(note).toMatchObject({ program: "b", count: 2 });
  expect(recorded.length).toBe(1);
});

test("other limits are told live: refused processes, a full home", async () => {
  const limits = watch();
  reading = { ...reading, refusedProcesses: 4711 };
  await look(limits);
  await limits.homeFilled(row(), { bytes: { used: 10, of: 10 }, files: { used: 1, of: 10 } });
  expect(told.map(({ kind, limit }) => `${kind} ${limit?.limit} ${limit?.count}`)).toEqual(["limit processes 1", "limit storage 1"]);
});

test("the guard of one that moves as much as it may is asked, once a minute, and only drops count", async () => {
  const limits = watch();
  const rates = { ingress: 9.8e6, egress: 100 };
  await look(limits, row(), { rates: { ingress: 100, egress: 100 } });
  expect(asked).toBe(0);
  await look(limits, row(), { rates });
  expect([asked, told.length]).toEqual([1, 0]);
  dropped = { ingress: 12, egress: 3 };
  clock.advance(59_000);
  await look(limits, row(), { rates });
  expect(asked).toBe(1);
  clock.advance(1_000);
  await look(limits, row(), { rates });
  expect(told.map(({ limit }) => limit?.limit)).toEqual(["ingress"]);
});

test("after a restart of Guise only what happened meanwhile is told, and what was told before is known", async () => {
  const note = { limit: "memory", at: new Date(clock.now()).toISOString(), count: 1, message: "m", remedy: "r" } as const;
  earlier = [note];
  const before = row({ readyAt: clock.now() - 1 });
  reading = { ...reading, kills: 2, killed: [killed("old"), killed("old")] };
  clock.advance(600_000);
  await look(watch(), before);
  expect(recorded).toEqual([]);
  reading = { ...reading, kills: 3, killed: [...reading.killed, killed("new")] };
  const limits = watch();
  await look(limits, before);
  expect(recorded).toMatchObject([{ program: "new", count: 1 }]);
  expect(limits.notesOf("w-1").length).toBe(2);
});

test("without the kernel's log it is the application of which no process is there any more", async () => {
  const limits = watch();
  await look(limits, row(), { applications: new Set(["jupyterlab", "psql"]) });
  reading = { ...reading, kills: 1 };
  await look(limits, row(), { applications: new Set(["psql"]) });
  expect(limits.notesOf("w-1")[0]?.message).toBe("jupyterlab used more than the 256 MiB ram of this workspace");
});

test("where nothing grew nothing more is read", async () => {
  const limits = watch();
  let count = 0;
  answer = async () => {
    count++;
    return reading;
  };
  for (let looked = 0; looked < 5; looked++) await look(limits);
  expect(count).toBe(1);
});

test("a sandbox that ended, or that nobody hears of in time, is left for the next look", async () => {
  const limits = watch();
  await look(limits);
  reading = { ...reading, kills: 1 };
  answer = () => Promise.reject(new ProvisioningError("sandbox_gone", "it ended"));
  await look(limits);
  answer = () => new Promise(() => {});
  const late = look(limits);
  await new Promise(setImmediate);
  clock.advance(1_000);
  await late;
  expect(recorded).toEqual([]);
  answer = async () => reading;
  await look(limits);
  expect(recorded.length).toBe(1);
});
