import { fromText, toText } from "../json-text.ts";
import type { NoticeRow } from "../repository.ts";
import { run, type Store } from "../store.ts";
import type { Tables } from "../tables.ts";

/** Those that are new; what is older than `keptSince`, and told, goes. */
export async function addNotices(store: Store, rows: readonly NoticeRow[], keptSince: number): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({ ...row, notice: toText(row.notice), nextAt: undefined, next_at: row.nextAt ?? null }));
  const inserts = values.map(({ nextAt: _, ...value }) =>
    run(
      store.sql
        .insertInto("notices")
        .values(value)
        .onConflict((conflict) => conflict.columns(["id", "way"]).doNothing()),
    ),
  );
  await store.write([run(store.sql.deleteFrom("notices").where("at", "<", keptSince).where("next_at", "is", null)), ...inserts]);
}

/** What is still to be told, the most urgent first. */
export async function readPendingNotices(store: Store, limit: number): Promise<readonly NoticeRow[]> {
  const [rows] = await store.read(
    store.sql.selectFrom("notices").selectAll().where("next_at", "is not", null).orderBy("next_at").limit(limit),
  );
  return rows.map(noticeOf);
}

export async function settleNotice(
  store: Store,
  { id, way }: Pick<NoticeRow, "id" | "way">,
  { attempts, nextAt }: { readonly attempts: number; readonly nextAt: number | undefined },
): Promise<void> {
  const change = { attempts, next_at: nextAt ?? null };
  await store.write([run(store.sql.updateTable("notices").set(change).where("id", "=", id).where("way", "=", way))]);
}

export async function readAddress(store: Store, principal: string): Promise<string | undefined> {
  const [rows] = await store.read(store.sql.selectFrom("addresses").select("email").where("principal", "=", principal));
  return rows[0]?.email;
}

/** Written only where it is another than before. */
export async function noteAddress(store: Store, principal: string, email: string): Promise<void> {
  if ((await readAddress(store, principal)) === email) return;
  const insert = store.sql
    .insertInto("addresses")
    .values({ principal, email })
    .onConflict((conflict) => conflict.column("principal").doUpdateSet({ email }));
  await store.write([run(insert)]);
}

function noticeOf({ id, way, owner, notice, at, attempts, next_at: nextAt }: Tables["notices"]): NoticeRow {
  return { id, way, owner, notice: fromText(notice), at, attempts, ...(nextAt === null ? {} : { nextAt }) };
}
