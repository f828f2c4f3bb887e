import type { Selectable } from "kysely";
import { sql } from "kysely";
import { listed } from "../listed.ts";
import type { AnyStep, AuditEntry, HomeFilter, HomeRow, NewWorkspace } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";
import type { HomesTable } from "../tables.ts";
import { auditStep } from "./write-audit.ts";

/** Written out, not bound: only so does SQLite see for certain that the index of kept homes serves. */
const IDLE = sql<boolean>`workspace IS NULL AND doomed = 0`;

type Key = Pick<HomeRow, "owner" | "persona" | "environment" | "name">;

/** A new workspace takes the home that is kept for it, also one that keeps none by itself: what was kept once stays kept, and its person finds it. */
export function takeKeptHome(store: Store, workspace: NewWorkspace): Step {
  const { id, group, owner, persona, environment, name } = workspace;
  return run(
    store.sql
      .updateTable("homes")
      .set({ workspace: id, group_name: group })
      .where("owner", "=", owner)
      .where("persona", "=", persona)
      .where("environment", "=", environment)
      .where("name", "=", name)
      .where(IDLE),
  );
}

/** Where none was kept. */
export function newHome(store: Store, workspace: NewWorkspace): Step {
  const { id, home, group, owner, persona, environment, name, keepHome, requestedAt } = workspace;
  const columns = ["home", "owner", "group_name", "persona", "environment", "name", "keep", "workspace", "bytes", "doomed"] as const;
  const values = [home, owner, group, persona, environment, name, keepHome ? 1 : 0, id, 0, 0];
  return run(
    store.sql
      .insertInto("homes")
      .columns([...columns, "created_at", "used_at"])
      .expression(
        sql`select ${sql.join([...values, requestedAt, requestedAt])} where not exists (select 1 from homes where workspace = ${id})`,
      ),
  );
}

/** The home of a workspace that is being written in the same step. */
export function homeTakenBy(store: Store, workspace: string) {
  return store.sql.selectFrom("homes").select("home").where("workspace", "=", workspace).$castTo<string>();
}

/** Before the allocation goes: its storage becomes the home's own. */
export function homeSteps(store: Store, step: AnyStep): readonly Step[] {
  const fate = step.home ?? (step.to === "released" ? "drop" : undefined);
  if (fate === undefined) return [];
  if (fate === "drop") return [run(store.sql.deleteFrom("homes").where("workspace", "=", step.id))];
  const held = (column: "storage" | "node") => store.sql.selectFrom("allocations").select(column).where("workspace", "=", step.id);
  return [
    run(
      store.sql
        .updateTable("homes")
        .set(({ fn, val }) => ({
          bytes: sql<number>`bytes + ${fn.coalesce(held("storage"), val(0))}`,
          node: sql<string | null>`coalesce(${held("node")}, node)`,
          used_at: step.at,
          ...(step.to === "released" ? { workspace: null } : {}),
        }))
        .where("workspace", "=", step.id),
    ),
  ];
}

export async function readHome(store: Store, home: string): Promise<HomeRow | undefined> {
  const [rows] = await store.read(store.sql.selectFrom("homes").selectAll().where("home", "=", home));
  return rows[0] === undefined ? undefined : homeOf(rows[0]);
}

export async function readKeptHome(store: Store, { owner, persona, environment, name }: Key): Promise<HomeRow | undefined> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("homes")
      .selectAll()
      .where("owner", "=", owner)
      .where("persona", "=", persona)
      .where("environment", "=", environment)
      .where("name", "=", name)
      .where(IDLE),
  );
  return rows[0] === undefined ? undefined : homeOf(rows[0]);
}

/** By owner, then persona, environment and name. */
export async function readHomes(store: Store, filter: HomeFilter): Promise<readonly HomeRow[]> {
  if (filter.homes?.length === 0) return [];
  let query = store.sql.selectFrom("homes").selectAll().orderBy("owner").orderBy("persona").orderBy("environment").orderBy("name");
  if (filter.owner !== undefined) query = query.where("owner", "=", filter.owner);
  if (filter.idle === true) query = query.where("workspace", "is", null);
  if (filter.charged === true) query = query.where("bytes", ">", 0);
  if (filter.doomed !== undefined) query = query.where("doomed", "=", filter.doomed ? 1 : 0);
  if (filter.homes !== undefined) query = query.where("home", "in", listed(filter.homes));
  const [rows] = await store.read(query);
  return rows.map(homeOf);
}

export async function doomHome(store: Store, home: string, audit: AuditEntry): Promise<HomeRow> {
  const present = run(store.sql.selectFrom("homes").select("workspace").where("home", "=", home));
  const update = must(
    store.sql.updateTable("homes").set({ doomed: 1 }).where("home", "=", home).where("workspace", "is", null).returningAll(),
    (outcome) => {
      const holder = outcome.rows(present)[0];
      return holder === undefined
        ? new RepositoryError("not_found", `there is no home ${home}`)
        : new RepositoryError("home_in_use", `workspace ${holder.workspace} has the home`);
    },
  );
  const outcome = await store.write([present, update, auditStep(store, audit)]);
  const row = outcome.rows(update)[0];
  if (row === undefined) throw new RepositoryError("not_found", `there is no home ${home}`);
  return homeOf(row);
}

export async function forgetHome(store: Store, home: string): Promise<void> {
  await store.write([run(store.sql.deleteFrom("homes").where("home", "=", home).where("workspace", "is", null))]);
}

function homeOf(row: Selectable<HomesTable>): HomeRow {
  return {
    home: row.home,
    owner: row.owner,
    group: row.group_name,
    persona: row.persona,
    environment: row.environment,
    name: row.name,
    keep: row.keep === 1,
    workspace: row.workspace ?? undefined,
    node: row.node ?? undefined,
    bytes: row.bytes,
    doomed: row.doomed === 1,
    createdAt: row.created_at,
    usedAt: row.used_at,
  };
}
