import type { Priority } from "@guise/contract";
import type { AuditEntry, GroupRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Store } from "../store.ts";
import { auditStep } from "./write-audit.ts";

/** What a group's members may ask for until an operator grants more. */
const FIRST_PRIORITY: Priority = "normal";

export async function createGroup(store: Store, group: string, audit: AuditEntry): Promise<void> {
  const insert = run(store.sql.insertInto("groups").values({ name: group, priority: FIRST_PRIORITY }));
  await store.write([insert, auditStep(store, audit)]);
}

export async function setGroupPriority(store: Store, group: string, priority: string, audit: AuditEntry): Promise<void> {
  const update = must(
    store.sql.updateTable("groups").set({ priority }).where("name", "=", group).returning("name"),
    () => new RepositoryError("not_found", `there is no group ${group}`),
  );
  await store.write([update, auditStep(store, audit)]);
}

export async function readGroups(store: Store): Promise<readonly GroupRow[]> {
  const [groups, members] = await store.read(
    store.sql.selectFrom("groups").selectAll().orderBy("name"),
    store.sql.selectFrom("memberships").selectAll().orderBy("account"),
  );
  const byGroup = Map.groupBy(members, ({ group_name }) => group_name);
  return groups.map(({ name, priority }) => ({ group: name, priority, members: (byGroup.get(name) ?? []).map(({ account }) => account) }));
}
