import { accountRequestSchema, accountViewSchema, pageOf, Refusal } from "@guise/contract";
import type { AccountRow } from "#repository";
import { absent, type Call, callerOf, doneBy } from "../call.ts";
import { checkGroups } from "../check-groups.ts";
import { httpRoute } from "../route.ts";
import { accountChange, accountParams } from "../schemas.ts";
import { signInsOf } from "./identity.ts";
import { signInLink } from "./sessions.ts";

export const listAccounts = httpRoute({
  id: "list_accounts",
  method: "GET",
  url: "/v1/accounts",
  tag: "administration",
  summary: "All local accounts",
  answers: { 200: { description: "The accounts.", schema: pageOf(accountViewSchema) } },
  async act(call) {
    return { status: 200, body: { items: (await call.services.repository.accounts()).map(accountView) } };
  },
});

export const createAccount = httpRoute({
  id: "create_account",
  method: "POST",
  url: "/v1/accounts",
  tag: "administration",
  summary: "Make a local account; the answer has a one-time sign-in code",
  body: accountRequestSchema,
  answers: { 201: { description: "The account with its code.", schema: accountViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const signIns = signInsOf(call);
    const { repository, clock } = call.services;
    const { account, roles, groups = [], name, email } = call.body;
    await checkGroups(call, groups);
    const called = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
    const row = { account, roles, groups, disabled: false, createdAt: clock.now(), ...called };
    await repository.createAccount(row, doneBy(call, "create_account", account, { roles, groups }));
    return { status: 201, body: { ...accountView(row), ...waysIn(call, await signIns.issueCode(account)) } };
  },
});

export const issueSignInCode = httpRoute({
  id: "issue_sign_in_code",
  method: "POST",
  url: "/v1/accounts/:account/sign-in-code",
  tag: "administration",
  summary: "A new one-time sign-in code for an account; ten minutes",
  params: accountParams,
  answers: { 201: { description: "The code.", schema: accountViewSchema } },
  async act(call) {
    const signIns = signInsOf(call);
    const { repository } = call.services;
    const account = await repository.account(call.params.account);
    if (account === undefined) throw absent();
    if (account.disabled) throw new Refusal("conflict", "The account is disabled; enable it first.");
    await repository.audit(doneBy(call, "issue_sign_in_code", account.account));
    return { status: 201, body: { ...accountView(account), ...waysIn(call, await signIns.issueCode(account.account)) } };
  },
  errors: ["conflict"],
});

export const changeAccount = httpRoute({
  id: "change_account",
  method: "PATCH",
  url: "/v1/accounts/:account",
  tag: "administration",
  summary: "Change roles, groups, name or e-mail address of an account, or disable it",
  description: "Counts at once for new requests, and within 60 seconds for open streams.",
  params: accountParams,
  body: accountChange,
  answers: { 200: { description: "The account.", schema: accountViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { repository } = call.services;
    const { account } = call.params;
    const { roles, groups, disabled, name, email } = call.body;
    if ((await repository.account(account)) === undefined) throw absent();
    await checkGroups(call, groups ?? []);
    keepSelf(call, account);
    const change = {
      ...(roles === undefined ? {} : { roles }),
      ...(groups === undefined ? {} : { groups }),
      ...(disabled === undefined ? {} : { disabled }),
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
    };
    // the audit is for ever: it says that they changed, and not what they are
    const { name: _, email: __, ...rights } = change;
    const facts = name === undefined && email === undefined ? rights : { ...rights, person: "changed" };
    return {
      status: 200,
      body: accountView(await repository.setAccount(account, change, doneBy(call, "change_account", account, facts))),
    };
  },
});

/** An operator does not lock himself out: that takes another operator. */
function keepSelf(
  call: Call<unknown, unknown, { roles?: readonly string[] | undefined; disabled?: boolean | undefined }>,
  account: string,
): void {
  const { issuer, subject } = callerOf(call);
  if (subject !== account || issuer !== call.services.issuer?.issuer) return;
  const locks = call.body.disabled === true || call.body.roles?.includes("operator") === false;
  if (locks) throw new Refusal("conflict", "You cannot take your own operator role away; another operator can.");
}

/** One code, for the command and for a browser. */
function waysIn({ services }: Call, code: string) {
  return { sign_in_code: code, sign_in_link: signInLink(services.portal.origin, code) };
}

function accountView({ createdAt: _, ...view }: AccountRow) {
  return { ...view };
}
