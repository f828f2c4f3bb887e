import { fromText, toText } from "../json-text.ts";
import type { AccountChange, AccountRow, AuditEntry } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";
import type { Tables } from "../tables.ts";
import { auditStep } from "./write-audit.ts";

/** `exists`; `not_found` for a group that is not there. */
export async function createAccount(store: Store, account: AccountRow, audit: AuditEntry): Promise<void> {
  const insert = run(
    store.sql.insertInto("accounts").values({
      account: account.account,
      roles: toText(account.roles),
      disabled: account.disabled ? 1 : 0,
      created_at: account.createdAt,
      person_name: account.name ?? null,
      email: account.email ?? null,
    }),
  );
  await store.write([insert, ...joinGroups(store, account.account, account.groups), auditStep(store, audit)]);
}

export async function setAccount(store: Store, name: string, change: AccountChange, audit: AuditEntry): Promise<AccountRow> {
  const gone = () => new RepositoryError("not_found", `there is no account ${name}`);
  const set = {
    ...(change.roles === undefined ? {} : { roles: toText(change.roles) }),
    ...(change.disabled === undefined ? {} : { disabled: change.disabled ? 1 : 0 }),
    ...(change.name === undefined ? {} : { person_name: change.name }),
    ...(change.email === undefined ? {} : { email: change.email }),
  };
  const update = store.sql.updateTable("accounts").set(set).where("account", "=", name);
  const account = must(accountQuery(store).where("account", "=", name), gone);
  const members = run(membershipQuery(store).where("account", "=", name));
  const outcome = await store.write([
    ...(Object.keys(set).length === 0 ? [] : [run(update)]),
    account,
    ...(change.groups === undefined ? [] : [leaveGroups(store, name), ...joinGroups(store, name, change.groups)]),
    members,
    auditStep(store, audit),
  ]);
  const row = outcome.rows(account)[0];
  if (row === undefined) throw gone();
  return accountOf(row, outcome.rows(members));
}

export async function readAccount(store: Store, name: string): Promise<AccountRow | undefined> {
  const [accounts, members] = await store.read(
    accountQuery(store).where("account", "=", name),
    membershipQuery(store).where("account", "=", name),
  );
  return accounts[0] === undefined ? undefined : accountOf(accounts[0], members);
}

export async function readAccounts(store: Store): Promise<readonly AccountRow[]> {
  const [accounts, members] = await store.read(accountQuery(store), membershipQuery(store));
  const byAccount = Map.groupBy(members, ({ account }) => account);
  return accounts.map((row) => accountOf(row, byAccount.get(row.account) ?? []));
}

function accountQuery(store: Store) {
  return store.sql.selectFrom("accounts").selectAll().orderBy("account");
}

function membershipQuery(store: Store) {
  return store.sql.selectFrom("memberships").selectAll().orderBy("account").orderBy("group_name");
}

function leaveGroups(store: Store, account: string): Step {
  return run(store.sql.deleteFrom("memberships").where("account", "=", account));
}

function joinGroups(store: Store, account: string, groups: readonly string[]): readonly Step[] {
  if (groups.length === 0) return [];
  const rows = [...new Set(groups)].map((group) => ({ account, group_name: group }));
  return [run(store.sql.insertInto("memberships").values(rows))];
}

function accountOf(row: Tables["accounts"], members: readonly Tables["memberships"][]): AccountRow {
  return {
    account: row.account,
    roles: fromText(row.roles),
    groups: members.map(({ group_name }) => group_name),
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    ...(row.person_name === null ? {} : { name: row.person_name }),
    ...(row.email === null ? {} : { email: row.email }),
  };
}
