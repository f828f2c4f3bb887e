import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { ManualClock } from "#foundation";
import { boundRepository } from "../bound-repository.ts";
import { AMOUNTS, anEntry, aVersion, aWorkspace } from "../contract-fixtures.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";
import type { Repository } from "../repository.ts";
import { migrate } from "./migrate.ts";
import type { Statement, Task } from "./protocol.ts";
import { sqliteStore } from "./sqlite-store.ts";

/**
 * Going through the index of the living, or of what is being refreshed, is no scan: it holds nothing else; nor is going through the
 * runs from the newest on, up to a limit.
 */
const LARGE =
  /^SCAN (workspaces(?! USING INDEX workspaces_living)|events|versions(?! USING INDEX versions_refreshing)|build_log|audit|idempotency|launches|runs(?! USING INDEX runs_by_end)|credentials|homes|notices|images(?! USING INDEX))/;
const KEY = { principal: "local|ada", route: "r", key: "k", bodyHash: "h" };

/** The statements of what a call would run. */
async function statementsOf(call: (repository: Repository) => Promise<unknown>): Promise<readonly Statement[]> {
  const seen: Statement[] = [];
  const run = async (task: Task) => {
    seen.push(...task.statements);
    return { outcome: "done" as const, rows: task.statements.map(() => []) };
  };
  const store = sqliteStore({ thread: { run }, clock: new ManualClock(), revisionsKept: 3, announce: () => undefined });
  store.loop.holder = "loop-1";
  const nothing = async () => undefined;
  const repository = boundRepository(store, { installation: "i-1", onEvents: () => () => undefined, backup: nothing, close: nothing });
  // The rows that a call expects are not there: only what it asked for counts.
  await call(repository).catch(() => undefined);
  return seen;
}

function planOf(statement: Statement): readonly string[] {
  using database = new DatabaseSync(":memory:");
  migrate(database, MIGRATIONS, { installation: "i-1", now: 0 });
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${statement.sql}`).all(...statement.parameters);
  return plan.map(({ detail }) => String(detail));
}

const CALLS: Readonly<Record<string, (repository: Repository) => Promise<unknown>>> = {
  createWorkspace: (it) => it.createWorkspace(aWorkspace("ws-1", { idempotency: KEY, most: { held: 5, waiting: 3 } }), anEntry()),
  move: (it) =>
    it.move({
      ...{ id: "ws-1", revision: 9, to: "provisioning", reason: "starting", at: 1, free: true, audit: anEntry() },
      ...{ newGeneration: { engineName: "e" }, allocate: { node: "n", amounts: AMOUNTS }, phases: [{ phase: "image", took: 1 }] },
    }),
  keptHome: (it) => it.keptHome({ owner: "local|ada", persona: "analyst", environment: "production", name: "main" }),
  suspended: (it) => it.move({ id: "ws-1", revision: 9, to: "suspended", reason: "suspended_by_person", at: 1, free: true, home: "keep" }),
  release: (it) => it.move({ id: "ws-1", revision: 9, to: "released", at: 1, free: true, home: "drop" }),
  setDesired: (it) => it.setDesired("ws-1", { desired: "released", reason: "given_back", by: "ada" }, anEntry()),
  resume: (it) => it.setDesired("ws-1", { desired: "ready", reason: "starting", by: "ada", most: { waiting: 3 } }, anEntry()),
  storeHandle: (it) => it.storeHandle("ws-1", 1, {}),
  events: (it) => it.events("ws-1", 4),
  "workspaces of a person": (it) => it.workspaces({ owner: "local|ada", limit: 50 }),
  "a page of workspaces that are not settled": (it) => it.unsettled({ after: { requestedAt: 1, id: "ws-1" }, limit: 50 }),
  "a page of the queue": (it) => it.queued({ after: { requestedAt: 1, id: "ws-1" }, limit: 50 }),
  "some workspaces": (it) => it.workspaces({ ids: ["ws-1", "ws-2"] }),
  "how many wait": (it) => it.queueLengths(),
  "stays in states": (it) => it.stays({ states: ["ready"] }),
  "stays of some": (it) => it.stays({ ids: ["ws-1", "ws-2"] }),
  "how many are in each state": (it) => it.countByState(),
  "allocations of some": (it) => it.allocations(["ws-1", "ws-2"]),
  "workspaces in a state": (it) => it.workspaces({ states: ["queued"] }),
  "runs of a persona": (it) => it.runs({ persona: "analyst", limit: 50 }),
  "time held": (it) => it.timeHeld("ws-1"),
  "all runs": (it) => it.runs({ limit: 50 }),
  recordLaunch: (it) =>
    it.recordLaunch({ id: "l", workspace: "ws-1", generation: 1, application: "a", kind: "web", state: "running", startedAt: 1 }),
  recordKill: (it) => it.recordKill("ws-1", { limit: "memory", at: "2026-01-01T00:00:00.000Z", count: 1, message: "m", remedy: "r" }),
  kills: (it) => it.kills("ws-1", 10),
  launches: (it) => it.launches("ws-1"),
  addNotices: (it) =>
    it.addNotices(
      [
        {
          ...{ id: "n", way: "mail", owner: "local|ada", at: 1, attempts: 0, nextAt: 1 },
          notice: {
            kind: "ready",
            workspace: "ws-1",
            persona: "p",
            personaName: "P",
            environment: "e",
            name: "n",
            title: "t",
            message: "m",
            until: 1,
          },
        },
      ],
      5,
    ),
  pendingNotices: (it) => it.pendingNotices(10),
  settleNotice: (it) => it.settleNotice({ id: "n", way: "mail" }, { attempts: 1, nextAt: undefined }),
  publishVersion: (it) => it.publishVersion(aVersion(), anEntry()),
  "publishVersion of a draft": (it) => it.publishVersion(aVersion({ isDraft: true }), anEntry()),
  publishDraft: (it) => it.publishDraft("analyst", 1, anEntry()),
  discardDraft: (it) => it.discardDraft("analyst", 1, anEntry()),
  retirePersona: (it) => it.retirePersona("analyst", true, anEntry()),
  "taking that back": (it) => it.retirePersona("analyst", false, anEntry()),
  removePersona: (it) => it.removePersona("analyst", anEntry()),
  "drafts that are built": (it) => it.drafts("building"),
  appendBuildLog: (it) => it.appendBuildLog("analyst", 1, ["line"]),
  "the latest version": (it) => it.version("analyst"),
  revision: (it) => it.revision("analyst", 1),
  refreshing: (it) => it.refreshing(),
  askRefresh: (it) => it.askRefresh("analyst", 1, "e", anEntry()),
  forgetImage: (it) => it.forgetImage("r"),
  dropCredential: (it) => it.dropCredential("h"),
  credential: (it) => it.credential("h", "sign_in_code", 1),
  takeCredential: (it) => it.takeCredential("h", "sign_in_code", 1),
  storeCredential: (it) => it.storeCredential({ hash: "h", kind: "sign_in", account: "ada", expiresAt: 1 }),
  rememberAnswer: (it) => it.rememberAnswer({ ...KEY, status: 200, answer: {}, at: 1 }),
  auditEntries: (it) => it.auditEntries(5, 10),
};

describe("a table that grows is never read from end to end", () => {
  it.each(Object.entries(CALLS))("by %s", async (_name, call) => {
    const statements = await statementsOf(call);
    expect(statements.length).toBeGreaterThan(0);
    const scans = statements.flatMap((statement) =>
      planOf(statement)
        .filter((line) => LARGE.test(line))
        .map((line) => `${line}: ${statement.sql}`),
    );
    expect(scans).toEqual([]);
  });
});
