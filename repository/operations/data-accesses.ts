import { run, type Store } from "../store.ts";
import type { DataAccessChange, DataAccessRow } from "../stored-data-source.ts";
import type { Tables } from "../tables.ts";

/** Before the role is made. */
export async function recordDataAccess(store: Store, { address, ...row }: DataAccessRow): Promise<void> {
  await store.write([run(store.sql.insertInto("data_accesses").values({ ...row, address: address ?? null }))]);
}

export async function readDataAccesses(store: Store, workspace?: string): Promise<readonly DataAccessRow[]> {
  const all = store.sql.selectFrom("data_accesses").selectAll().orderBy("role");
  const [rows] = await store.read(workspace === undefined ? all : all.where("workspace", "=", workspace));
  return rows.map(accessOf);
}

export async function updateDataAccess(store: Store, role: string, change: DataAccessChange): Promise<void> {
  await store.write([run(store.sql.updateTable("data_accesses").set(change).where("role", "=", role))]);
}

/** All that a workspace was given is to be taken back. */
export async function endDataAccesses(store: Store, workspace: string): Promise<void> {
  await store.write([run(store.sql.updateTable("data_accesses").set({ state: "taking" }).where("workspace", "=", workspace))]);
}

/** The role is gone. */
export async function forgetDataAccess(store: Store, role: string): Promise<void> {
  await store.write([run(store.sql.deleteFrom("data_accesses").where("role", "=", role))]);
}

function accessOf({ address, ...row }: Tables["data_accesses"]): DataAccessRow {
  return { ...row, ...(address === null ? {} : { address }) };
}
