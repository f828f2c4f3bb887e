import { type Status, statusSchema } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import { type Call, callerOf } from "../call.ts";
import { cursorAfter, readCursor } from "../cursor.ts";
import { httpRoute } from "../route.ts";
import { auditPage, pageQuery } from "../schemas.ts";
import type { Services } from "../services.ts";
import { timeOf } from "../views.ts";

export const status = httpRoute({
  id: "status",
  method: "GET",
  url: "/v1/status",
  tag: "administration",
  summary: "Engine, capacity, the first hundred of the queue with reasons, pools and builds",
  answers: { 200: { description: "How it stands.", schema: statusSchema } },
  async act(call) {
    const { services } = call;
    const [engine, counts] = await Promise.all([services.engineStatus(), services.repository.countByState()]);
    const body: Status = {
      version: services.version,
      installation: services.repository.installation,
      ...engine,
      workspaces: Object.fromEntries(counts),
      queue: await queueView(call),
      builds: await buildsUnderWay(services),
    };
    return { status: 200, body };
  },
});

/** Who asks how it stands reads the beginning of a queue; how many wait in all stands beside it. */
const SHOWN = 100;

async function queueView(call: Call): Promise<Status["queue"]> {
  const { admission, issuer, repository } = call.services;
  const queue = admission.queue(SHOWN);
  const rows = await repository.workspaces({ ids: queue.map(({ id }) => id) });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return queue.flatMap(({ id, place, reason, message }) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const owner = nameOfPrincipal(row.owner, issuer?.issuer ?? "");
    const since = timeOf(row.queuedSince);
    return [{ workspace_id: id, owner, persona_id: row.persona, place, priority: row.priority, reason, message, since }];
  });
}

async function buildsUnderWay({ repository }: Services): Promise<Status["builds"]> {
  const building = [...(await repository.versionsInState("building")), ...(await repository.drafts("building"))];
  const refreshing = (await repository.refreshing()).map((row) => ({ ...row, build: { ...row.refresh } }));
  return [...building, ...refreshing].map(({ persona, version, build }) => ({
    persona_id: persona,
    version,
    ...(build.message === undefined ? {} : { message: build.message }),
    ...(build.percent === undefined ? {} : { percent: build.percent }),
  }));
}

export const audit = httpRoute({
  id: "audit",
  method: "GET",
  url: "/v1/audit",
  tag: "administration",
  summary: "Every decision and act of weight, the oldest first",
  query: pageQuery,
  answers: { 200: { description: "A page of entries.", schema: auditPage } },
  async act(call) {
    const { cursor, limit } = call.query;
    const { id } = callerOf(call);
    const after = Number(readCursor(id, cursor) ?? "0");
    const rows = await call.services.repository.auditEntries(after, limit);
    const last = rows.at(-1);
    const items = rows.map((row) => ({ ...row, at: timeOf(row.at) }));
    const more = last !== undefined && rows.length === limit;
    return { status: 200, body: more ? { items, next: cursorAfter(id, String(last.sequence)) } : { items } };
  },
});
