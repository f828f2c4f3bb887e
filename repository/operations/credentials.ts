import { run, type Store } from "../store.ts";
import type { CredentialKind, CredentialRow } from "../stored-people.ts";

/** Takes the chance to remove what has expired. */
export async function storeCredential(store: Store, credential: CredentialRow): Promise<void> {
  const { hash, kind, account, expiresAt } = credential;
  await store.write([
    run(store.sql.deleteFrom("credentials").where("expires_at", "<=", store.clock.now())),
    run(store.sql.insertInto("credentials").values({ hash, kind, account, expires_at: expiresAt })),
  ]);
}

export async function takeCredential(store: Store, hash: string, kind: CredentialKind, now: number): Promise<CredentialRow | undefined> {
  return rowOf(kind === "sign_in_code" ? await takeOnce(store, hash, now) : await look(store, hash, kind, now));
}

export async function credential(store: Store, hash: string, kind: CredentialKind, now: number): Promise<CredentialRow | undefined> {
  return rowOf(await look(store, hash, kind, now));
}

export async function dropCredential(store: Store, hash: string): Promise<boolean> {
  const dropped = run(store.sql.deleteFrom("credentials").where("hash", "=", hash).returning("hash"));
  return (await store.write([dropped])).rows(dropped).length > 0;
}

/** Of two who come with one code, one gets it. */
async function takeOnce(store: Store, hash: string, now: number) {
  // What strangers guess costs a look, and no place in the line of writes.
  if ((await look(store, hash, "sign_in_code", now)) === undefined) return undefined;
  const query = store.sql.deleteFrom("credentials").where("hash", "=", hash).where("kind", "=", "sign_in_code");
  const taken = run(query.where("expires_at", ">", now).returningAll());
  const outcome = await store.write([taken]);
  return outcome.rows(taken)[0];
}

async function look(store: Store, hash: string, kind: CredentialKind, now: number) {
  const query = store.sql.selectFrom("credentials").selectAll().where("hash", "=", hash).where("kind", "=", kind);
  const [rows] = await store.read(query.where("expires_at", ">", now));
  return rows[0];
}

function rowOf(row: Awaited<ReturnType<typeof look>> | undefined): CredentialRow | undefined {
  return row === undefined ? undefined : { hash: row.hash, kind: row.kind, account: row.account, expiresAt: row.expires_at };
}
