import { type HomeView, homeViewSchema, pageOf, Refusal } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import { codeOf } from "#foundation";
import type { HomeRow } from "#repository";
import { absent, type Call, callerOf, doneBy, permit } from "../call.ts";
import { pageOfList } from "../cursor.ts";
import type { StoredHomeFacts } from "../deps.ts";
import { httpRoute } from "../route.ts";
import { homeParams, homesQuery } from "../schemas.ts";
import { timeOf } from "../views.ts";

export const listHomes = httpRoute({
  id: "list_homes",
  method: "GET",
  url: "/v1/homes",
  tag: "workspaces",
  summary: "Your homes; an operator may ask for everybody's, those in quarantine among them",
  query: homesQuery,
  answers: { 200: { description: "A page of homes.", schema: pageOf(homeViewSchema) } },
  async act(call) {
    const { all, cursor, limit } = call.query;
    if (all === true) await permit(call, "list_all_homes", undefined, "-");
    const rows = await call.services.repository.homes(all === true ? {} : { owner: callerOf(call).id });
    const stored = new Map((await call.services.storedHomes()).map((home) => [home.home, home]));
    const known = rows.map((row) => homeView(call, row, stored.get(row.home)));
    const owned = new Set(rows.map(({ home }) => home));
    const unknown = all === true ? [...stored.values()].filter(({ home }) => !owned.has(home)).map(strangeView) : [];
    const views = [...known, ...unknown].sort((a, b) => (a.home < b.home ? -1 : 1));
    return { status: 200, body: pageOfList(views, { principal: callerOf(call).id, cursor, limit, keyOf: ({ home }) => home }) };
  },
});

export const deleteHome = httpRoute({
  id: "delete_home",
  method: "DELETE",
  url: "/v1/homes/:home",
  tag: "workspaces",
  summary: "Delete a kept home, or one in quarantine",
  description: "Its files are gone for good soon after the answer; the storage is free then.",
  target: "later",
  params: homeParams,
  answers: { 202: { description: "It is being deleted." } },
  errors: ["conflict"],
  async act(call) {
    const { home } = call.params;
    const { repository, removeStoredHome, wake } = call.services;
    const row = await repository.home(home);
    const stored = row === undefined ? (await call.services.storedHomes()).find((one) => one.home === home) : undefined;
    const resource = row === undefined && stored === undefined ? undefined : ({ kind: "home", owner: row?.owner } as const);
    await permit(call, "delete_home", resource, home);
    if (row === undefined) {
      await repository.audit(doneBy(call, "delete_home", home, { quarantined: true }));
      await removeStoredHome(home);
      return { status: 202, body: {} };
    }
    await doom(call, row);
    wake();
    return { status: 202, body: {} };
  },
});

async function doom(call: Call, row: HomeRow): Promise<void> {
  const facts = { owner: row.owner, persona: row.persona, environment: row.environment, name: row.name };
  try {
    await call.services.repository.doomHome(row.home, doneBy(call, "delete_home", row.home, facts));
  } catch (error) {
    if (codeOf(error) === "not_found") throw absent();
    if (codeOf(error) !== "home_in_use") throw error;
    throw new Refusal("conflict", `The workspace ${row.workspace ?? ""} has this home; give that back first, with its home.`, {
      facts: { workspace_id: row.workspace },
    });
  }
}

function homeView(call: Call, row: HomeRow, stored: StoredHomeFacts | undefined): HomeView {
  return {
    home: row.home,
    owner: nameOfPrincipal(row.owner, call.services.issuer?.issuer ?? ""),
    persona_id: row.persona,
    environment: row.environment,
    name: row.name,
    state: row.doomed ? "being_deleted" : row.workspace !== undefined ? "in_use" : stored === undefined ? "missing" : "kept",
    ...(row.workspace === undefined ? {} : { workspace_id: row.workspace }),
    bytes: Math.max(row.bytes, stored?.promised ?? 0),
    taken: stored?.taken ?? 0,
    charged_to: row.group,
    used_at: timeOf(row.usedAt),
  };
}

function strangeView({ home, promised, taken }: StoredHomeFacts): HomeView {
  return { home, state: "quarantined", bytes: promised, taken };
}
