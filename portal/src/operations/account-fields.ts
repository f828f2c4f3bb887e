import type { AccountChange } from "@guise/agent";
import { type AccountView, NAME_PATTERN, type Role } from "@guise/contract";

/** What is filled in of an account. */
export interface AccountFields {
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly roles: Role[];
  readonly groups: readonly string[];
}

export function fieldsOf(account: AccountView | undefined): AccountFields {
  if (account === undefined) return { account: "", name: "", email: "", roles: ["user"], groups: [] };
  const { name = "", email = "", roles, groups } = account;
  return { account: account.account, name, email, roles: [...roles], groups };
}

type Wrong = { readonly [Key in "account" | "name" | "email" | "roles"]?: string };

/** What cannot be, by field; the broker looks once more. */
export function wrongIn({ account, email, roles }: AccountFields, isNew: boolean): Wrong {
  return {
    ...(isNew && !NAME_PATTERN.test(account.trim()) ? { account: "Lower-case letters, digits and inner hyphens, at most 63." } : {}),
    ...(email === "" || /^[^\s@]+@[^\s@]+$/.test(email) ? {} : { email: "That is no e-mail address." }),
    ...(roles.length > 0 ? {} : { roles: "It needs a role." }),
  };
}

/** What differs, so that what somebody else changed meanwhile stays as it is by then. */
export function changeOf(account: AccountView, fields: AccountFields): AccountChange {
  const before = fieldsOf(account);
  const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();
  return {
    ...(same(before.roles, fields.roles) ? {} : { roles: fields.roles }),
    ...(same(before.groups, fields.groups) ? {} : { groups: fields.groups }),
    ...(before.name === fields.name ? {} : { name: fields.name === "" ? null : fields.name }),
    ...(before.email === fields.email ? {} : { email: fields.email === "" ? null : fields.email }),
  };
}
