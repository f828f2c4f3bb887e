import { fromText, toText } from "../json-text.ts";
import { run, type Store } from "../store.ts";
import type { ProviderSessionChange, ProviderSessionRow, SignedInPerson } from "../stored-people.ts";

/** Takes the chance to remove what has ended. */
export async function storeProviderSession(store: Store, session: ProviderSessionRow): Promise<void> {
  const { hash, issuer, subject, person, renewal, checkedAt, expiresAt } = session;
  const row = { hash, issuer, subject, person: toText(person), renewal, checked_at: checkedAt, expires_at: expiresAt };
  await store.write([
    run(store.sql.deleteFrom("provider_sessions").where("expires_at", "<=", store.clock.now())),
    run(store.sql.insertInto("provider_sessions").values(row)),
  ]);
}

export async function readProviderSession(store: Store, hash: string, now: number): Promise<ProviderSessionRow | undefined> {
  const [rows] = await store.read(
    store.sql.selectFrom("provider_sessions").selectAll().where("hash", "=", hash).where("expires_at", ">", now),
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { issuer, subject, renewal, checked_at: checkedAt, expires_at: expiresAt } = row;
  return { hash, issuer, subject, renewal, checkedAt, expiresAt, person: fromText<SignedInPerson>(row.person) };
}

/** Nothing happens to one that was dropped meanwhile. */
export async function renewProviderSession(store: Store, hash: string, change: ProviderSessionChange): Promise<void> {
  const { person, renewal, checkedAt, expiresAt } = change;
  const columns = { person: toText(person), renewal, checked_at: checkedAt, expires_at: expiresAt };
  await store.write([run(store.sql.updateTable("provider_sessions").set(columns).where("hash", "=", hash))]);
}

export async function dropProviderSession(store: Store, hash: string): Promise<boolean> {
  const dropped = run(store.sql.deleteFrom("provider_sessions").where("hash", "=", hash).returning("hash"));
  return (await store.write([dropped])).rows(dropped).length > 0;
}
