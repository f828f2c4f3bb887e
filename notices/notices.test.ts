import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Log, ManualClock } from "#foundation";
import type { NoticeRow, NoticeWay, Repository, WorkspaceRow } from "#repository";
import { MemoryDatabase } from "#repository/memory-database";
import { aNotice } from "./a-notice.fixture.ts";
import { MOST_PENDING, Notices } from "./notices.ts";
import { type Tell, TellingError } from "./telling.ts";
import { webhook } from "./webhook.ts";

const MINUTE = 60_000;
const AUDIT = { at: 1, actor: "guise", action: "test", target: "x", outcome: "done" } as const;
const AMOUNTS = { cpu: 1000, ram: 2 ** 30, storage: 2 ** 30, ingress: 1e6, egress: 1e6 };
const DAY = 24 * 60 * MINUTE;

let database: MemoryDatabase;
let clock: ManualClock;
let repository: Repository;
let warned: unknown[];
const opened: Notices[] = [];

beforeEach(async () => {
  database = new MemoryDatabase("i-1");
  clock = new ManualClock();
  repository = await database.open(clock);
  warned = [];
  await repository.publishVersion(
    { persona: "analyst", name: "Analyst", ownerGroup: "g", publishedBy: "a", digest: "d", definition: {}, publishedAt: 1 },
    AUDIT,
  );
  await repository.setBuild("analyst", 1, { state: "usable" });
});
afterEach(async () => {
  for (const notices of opened.splice(0)) await notices.stop();
});

const LOG = {
  ...{ debug: () => {}, info: () => {}, error: () => {} },
  warn: (...said: unknown[]) => warned.push(said),
} as unknown as Log;

/** A Guise that tells, as it is after a start. */
async function begin(ways: Readonly<Partial<Record<NoticeWay, Tell>>>, on = repository): Promise<Notices> {
  const notices = new Notices({ repository: on, clock, log: LOG, ways, share: () => 0 });
  opened.push(notices);
  notices.begin();
  await notices.look();
  return notices;
}

/** A way that keeps what it was told; `faults` come first. */
function kept(...faults: (TellingError | undefined)[]) {
  const told: string[] = [];
  const tell: Tell = async ({ notice }) => {
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
    told.push(notice.title);
  };
  return { told, tell };
}

async function requested(id: string, change: { readonly name?: string } = {}): Promise<WorkspaceRow> {
  const { workspace } = await repository.createWorkspace(
    {
      ...{ id, owner: "local#ada", group: "g", persona: "analyst", personaName: "Analyst", version: 1, environment: "production" },
      ...{ name: id, parameters: {}, priority: "normal", demand: AMOUNTS, concrete: {}, requestedAt: clock.now(), home: `h-${id}` },
      ...{ keepHome: false, ...change },
    },
    AUDIT,
  );
  return workspace;
}

async function ready(row: WorkspaceRow, minutes: number, more: { readonly expiresAt?: number } = {}): Promise<WorkspaceRow> {
  const { id } = row;
  const on = await repository.move({
    id,
    revision: row.revision,
    to: "provisioning",
    reason: "starting",
    at: clock.now(),
    newGeneration: { engineName: "e" },
  });
  clock.advance(minutes * MINUTE);
  return repository.move({ id, revision: on.revision, to: "ready", at: clock.now(), readyAt: clock.now(), ...more } as never);
}

describe("what comes about is told", () => {
  test("by every way, once, however often it is looked", async () => {
    const [hook, post] = [kept(), kept()];
    const notices = await begin({ webhook: hook.tell, mail: post.tell });
    await ready(await requested("w-1"), 3);
    await notices.look();
    await expect.poll(() => [hook.told, post.told]).toEqual([["Analyst (w-1) is ready"], ["Analyst (w-1) is ready"]]);
    await expect.poll(() => repository.pendingNotices(10)).toEqual([]);
    await notices.look();
    expect(hook.told).toHaveLength(1);
  });

  test("but not what its person switched off, nor what took no time", async () => {
    const { told, tell } = kept();
    const notices = await begin({ webhook: tell });
    await ready(await requested("w-quick"), 0.1);
    await repository.setPreferences("local#ada", { revision: 0, preferences: { notices: { ready: false } } }, AUDIT);
    const row = await ready(await requested("w-slow"), 9);
    notices.idle(row, "idle for 25 min; suspended in 5 min");
    await notices.look();
    await expect.poll(() => told).toEqual(["Analyst (w-slow) is about to be paused"]);
  });

  test("before a lifetime ends, once, across a restart too", async () => {
    const { told, tell } = kept();
    const notices = await begin({ webhook: tell });
    await ready(await requested("w-1"), 0.1, { expiresAt: clock.now() + 60 * MINUTE });
    clock.advance(40 * MINUTE);
    await notices.look();
    expect(told).toEqual([]);
    clock.advance(10 * MINUTE);
    await notices.look();
    await expect.poll(() => told).toEqual(["Analyst (w-1) is about to be given back"]);
    await expect.poll(() => repository.pendingNotices(10)).toEqual([]);
    await notices.stop();
    await begin({ webhook: tell }, await database.open(clock));
    expect(told).toHaveLength(1);
  });
});

describe("a receiver that does not take it", () => {
  test("is asked again, later and later, and given up in the end", async () => {
    const faults = Array.from({ length: 6 }, () => new TellingError("not_now", "it answered 500"));
    const { told, tell } = kept(...faults);
    const notices = await begin({ webhook: tell });
    await ready(await requested("w-1"), 3);
    const pauses = [5_000, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 300 * MINUTE, MINUTE];
    for (const [index, pause] of pauses.entries()) {
      await notices.look();
      await expect.poll(() => warned).toHaveLength(index + 1);
      await expect.poll(async () => (await repository.pendingNotices(1))[0]?.attempts).toBe(index === 5 ? undefined : index + 1);
      clock.advance(pause - 1);
      await notices.look();
      expect(warned).toHaveLength(index + 1);
      clock.advance(1);
    }
    expect([told, await repository.pendingNotices(1)]).toEqual([[], []]);
  });

  test("for good is not asked again; one that wants nothing any more gets nothing until the next start", async () => {
    const hook = kept(new TellingError("gone", "it answered 410"));
    const post = kept(new TellingError("never", "no such person"));
    const notices = await begin({ webhook: hook.tell, mail: post.tell });
    await ready(await requested("w-1"), 3);
    await notices.look();
    await expect.poll(() => warned.length).toBe(2);
    await ready(await requested("w-2"), 3);
    await notices.look();
    await expect.poll(() => post.told).toEqual(["Analyst (w-2) is ready"]);
    await expect.poll(() => repository.pendingNotices(10)).toEqual([]);
    expect(hook.told).toEqual([]);
  });

  test("and is slow holds up no other way", async () => {
    const post = kept();
    const slow: Tell = (_, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const notices = await begin({ webhook: slow, mail: post.tell });
    for (const id of ["w-1", "w-2", "w-3", "w-4", "w-5", "w-6"]) await ready(await requested(id), 1);
    await notices.look();
    await expect.poll(() => post.told).toHaveLength(6);
    await notices.stop();
    // What was under way is told by the next start.
    const hook = kept();
    const again = await begin({ webhook: hook.tell }, await database.open(clock));
    await again.look();
    await expect.poll(() => hook.told).toHaveLength(6);
  });
});

describe("whenever Guise dies", () => {
  test("between what came about and writing it down: the next start tells it, and no older things", async () => {
    const { told, tell } = kept();
    await ready(await requested("w-old"), 3);
    clock.advance(MINUTE);
    await (await begin({ webhook: tell })).stop();
    expect(told).toEqual([]);
    await ready(await requested("w-1"), 3);
    const failing = await requested("w-2");
    const step = await repository.move({
      id: "w-2",
      revision: failing.revision,
      to: "failing",
      reason: "start_failed",
      at: clock.now(),
    } as never);
    await repository.move({ id: "w-2", revision: step.revision, to: "failed", at: clock.now() } as never);
    const notices = await begin({ webhook: tell }, await database.open(clock));
    await notices.look();
    await expect.poll(() => [...told].sort()).toEqual(["Analyst (w-1) is ready", "Analyst (w-2) has failed"]);
  });

  test("between telling and writing that down: it is told again, under the same id", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      void text(request).then(() => {
        seen.push(request.headers["webhook-id"] as string | undefined);
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tell = webhook({
      ...{ url, key: Buffer.alloc(32), isPrivate: true, authorities: [], clock, origin: "http://x" },
      nameOf: (one) => one,
    });
    const dying = { ...repository, settleNotice: () => new Promise<never>(() => {}) };
    const before = new Notices({ repository: dying, clock, log: LOG, ways: { webhook: tell }, share: () => 0 });
    before.begin();
    await ready(await requested("w-1"), 3);
    await before.look();
    await expect.poll(() => seen).toHaveLength(1);
    const notices = await begin({ webhook: tell }, await database.open(clock));
    await notices.look();
    await expect.poll(() => seen).toHaveLength(2);
    expect(new Set(seen).size).toBe(1);
    await expect.poll(() => repository.pendingNotices(10)).toEqual([]);
    server.close();
  });
});

test("no more waits than there is room for, and what is no news any more is not told", async () => {
  const { told, tell } = kept();
  const later = kept(...Array.from({ length: 9 }, () => new TellingError("not_now", "it answered 503")));
  const notices = await begin({ webhook: later.tell });
  const row = await ready(await requested("w-1"), 0.1);
  const many = Array.from({ length: MOST_PENDING }, (_, index): NoticeRow => {
    const { notice } = aNotice();
    return aNotice({ id: `n-${index}`, at: clock.now(), nextAt: clock.now() + DAY, notice: { ...notice, until: 0 } });
  });
  await repository.addNotices(many, 0);
  notices.idle(row, "idle");
  await notices.look();
  expect(await repository.pendingNotices(MOST_PENDING + 9)).toHaveLength(MOST_PENDING);
  expect(JSON.stringify(warned)).toContain("too much waits");
  await notices.stop();
  clock.advance(2 * DAY);
  const after = await begin({ webhook: tell }, await database.open(clock));
  await after.look();
  await expect.poll(() => repository.pendingNotices(10)).toEqual([]);
  expect(told).toEqual([]);
});
