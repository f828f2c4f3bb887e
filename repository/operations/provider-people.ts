import { fromText, toText } from "../json-text.ts";
import { run, type Store } from "../store.ts";
import type { ProviderCredentialRow, ProviderPersonRow, SignedInPerson } from "../stored-people.ts";

type CredentialOfPerson = ProviderCredentialRow & { readonly of: ProviderPersonRow };

/** Takes the chance to remove what has ended. */
export async function storeProviderCredential(store: Store, { of, ...credential }: CredentialOfPerson): Promise<void> {
  const { hash, kind, principal, expiresAt } = credential;
  const { issuer, subject } = of;
  const newest = columnsOf(of);
  await store.write([
    run(store.sql.deleteFrom("provider_credentials").where("expires_at", "<=", store.clock.now())),
    run(
      store.sql
        .insertInto("provider_people")
        .values({ principal, issuer, subject, ...newest })
        .onConflict((conflict) => conflict.column("principal").doUpdateSet(newest)),
    ),
    run(store.sql.insertInto("provider_credentials").values({ hash, kind, principal, expires_at: expiresAt })),
    run(
      store.sql
        .deleteFrom("provider_people")
        .where("principal", "not in", store.sql.selectFrom("provider_credentials").select("provider_credentials.principal")),
    ),
  ]);
}

export async function readProviderCredential(store: Store, hash: string, now: number): Promise<CredentialOfPerson | undefined> {
  const [rows] = await store.read(
    store.sql
      .selectFrom("provider_credentials")
      .innerJoin("provider_people", "provider_people.principal", "provider_credentials.principal")
      .selectAll()
      .where("hash", "=", hash)
      .where("expires_at", ">", now),
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { kind, principal, issuer, subject, renewal, checked_at: checkedAt, expires_at: expiresAt } = row;
  const person = fromText<SignedInPerson>(row.person);
  return { hash, kind, principal, expiresAt, of: { principal, issuer, subject, person, renewal, checkedAt } };
}

/** What a provider said of somebody last, while a sign-in of the person lasts. */
export async function readProviderPerson(store: Store, principal: string): Promise<ProviderPersonRow | undefined> {
  const [rows] = await store.read(store.sql.selectFrom("provider_people").selectAll().where("principal", "=", principal));
  const row = rows[0];
  if (row === undefined) return undefined;
  const { issuer, subject, renewal, checked_at: checkedAt } = row;
  return { principal, issuer, subject, person: fromText<SignedInPerson>(row.person), renewal, checkedAt };
}

export async function renewProviderPerson(store: Store, person: ProviderPersonRow, before: string): Promise<void> {
  const update = store.sql.updateTable("provider_people").set(columnsOf(person));
  await store.write([run(update.where("principal", "=", person.principal).where("renewal", "=", before))]);
}

export async function dropProviderCredential(store: Store, hash: string): Promise<boolean> {
  const dropped = run(store.sql.deleteFrom("provider_credentials").where("hash", "=", hash).returning("hash"));
  return (await store.write([dropped])).rows(dropped).length > 0;
}

export async function forgetProviderPerson(store: Store, principal: string, before: string): Promise<void> {
  const known = store.sql
    .selectFrom("provider_people")
    .select("principal")
    .where("principal", "=", principal)
    .where("renewal", "=", before);
  await store.write([
    run(store.sql.deleteFrom("provider_credentials").where("principal", "in", known)),
    run(store.sql.deleteFrom("provider_people").where("principal", "=", principal).where("renewal", "=", before)),
  ]);
}

function columnsOf({ person, renewal, checkedAt }: ProviderPersonRow) {
  return { person: toText(person), renewal, checked_at: checkedAt };
}
