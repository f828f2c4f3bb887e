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

export const exportHome = httpRoute({
  id: "export_home",
  method: "GET",
  url: "/v1/homes/:home/image",
  tag: "workspaces",
  summary: "A home that nothing runs on, as its engine stores it, streamed",
  description:
    "For its owner; for operators only in quarantine, or when the owner's account is disabled: what people keep is theirs. " +
    "On the Docker engine a tar archive of the ext4 image and its record. A start on the home breaks it off.",
  target: "later",
  stream: true,
  params: homeParams,
  answers: { 200: { description: "The home.", mediaTypes: ["application/x-tar"] } },
  errors: ["conflict", "engine_unreachable"],
  async act(call) {
    const { home } = call.params;
    const { repository, exportStoredHome } = call.services;
    const row = await repository.home(home);
    const stored = (await call.services.storedHomes()).some((one) => one.home === home);
    const resource = row === undefined && !stored ? undefined : ({ kind: "home", owner: row?.owner } as const);
    await permit(call, "export_home", resource, home);
    if (row !== undefined && row.owner !== callerOf(call).id) await mustBeLeft(call, row);
    if (!stored) throw absent();
    const stream = await exportStoredHome(home).catch((error: unknown) => {
      if (codeOf(error) === "home_missing") throw absent();
      if (codeOf(error) !== "storage_failed") throw error;
      throw new Refusal("conflict", "Something runs on this home; suspend its workspace, or give it back, first.", { cause: error });
    });
    await repository.audit(doneBy(call, "export_home", home, { ...(row === undefined ? { quarantined: true } : { owner: row.owner }) }));
    call.reply.header("content-type", "application/x-tar").header("content-disposition", "attachment");
    return { status: 200, body: stream };
  },
});

/** Operators have no way to what people keep, but for those who are gone. */
async function mustBeLeft(call: Call, { owner }: HomeRow): Promise<void> {
  const { repository, issuer } = call.services;
  const account = await repository.account(nameOfPrincipal(owner, issuer?.issuer ?? ""));
  if (account !== undefined && !account.disabled)
    throw new Refusal(
      "not_permitted",
      "This home is somebody's who is still here: its owner exports it, or the account is disabled first.",
    );
}

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
    wake({ kind: "home", home });
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
