import { type AccountView, ROLES, type Role } from "@guise/contract";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { App } from "../app.ts";
import { collected, type JsonOption, withJson } from "../verb.ts";

export function addAccountVerbs(admin: Command, app: App): void {
  const account = admin.command("account").description("Local accounts.");
  withJson(account.command("create <account>"))
    .description("Makes an account and prints its one-time code, for guise login and as a link for a browser.")
    .addOption(new Option("--role <role>", "a role; may be repeated; user when none is given").argParser(roles).default([]))
    .option("--group <name>", "a group; may be repeated", collected, [])
    .option("--person-name <name>", "how the person is called, for personas that say it; the account where none is given")
    .option("--email <address>", "the person's address, for personas that say it")
    .action(async (name: string, options: JsonOption & CalledOptions & { role: Role[]; group: string[] }) => {
      const roles: Role[] = options.role.length === 0 ? ["user"] : options.role;
      printCode(app, options, await (await app.connect()).admin.createAccount(name, roles, options.group, calledOf(options)));
    });
  withJson(account.command("set <account>"))
    .description("Notes how the account's person is called, and the address; nothing between quotes takes it away.")
    .option("--person-name <name>", "how the person is called")
    .option("--email <address>", "the person's address")
    .action(async (name: string, options: JsonOption & CalledOptions) => {
      const { name: called, email } = calledOf(options);
      const change = {
        ...(called === undefined ? {} : { name: called || null }),
        ...(email === undefined ? {} : { email: email || null }),
      };
      const changed = await (await app.connect()).admin.changeAccount(name, change);
      if (options.json === true) app.output.json(changed);
      else app.output.line(`${changed.account} is ${changed.name ?? changed.account}, ${changed.email ?? "without an address"}`);
    });
  withJson(account.command("list"))
    .description("All accounts.")
    .action(async (options: JsonOption) => {
      const accounts = await (await app.connect()).admin.accounts();
      if (options.json === true) return app.output.json(accounts);
      const rows = accounts.map((one) => [one.account, one.roles.join(","), one.groups.join(","), one.disabled ? "disabled" : "active"]);
      app.output.table(["ACCOUNT", "ROLES", "GROUPS", "STATE"], rows);
    });
  withJson(account.command("code <account>"))
    .description("A new one-time code, for guise login and as a link for a browser; good for ten minutes.")
    .action(async (name: string, options: JsonOption) => printCode(app, options, await (await app.connect()).admin.signInCode(name)));
  withJson(account.command("disable <account>"))
    .description("The account may do nothing from now on.")
    .action(async (name: string, options: JsonOption) => {
      const changed = await (await app.connect()).admin.changeAccount(name, { disabled: true });
      if (options.json === true) app.output.json(changed);
      else app.output.line(`${changed.account} is disabled`);
    });
  withJson(account.command("enable <account>"))
    .description("A disabled account may do again what its roles and groups allow.")
    .action(async (name: string, options: JsonOption) => {
      const changed = await (await app.connect()).admin.changeAccount(name, { disabled: false });
      if (options.json === true) app.output.json(changed);
      else app.output.line(`${changed.account} is enabled`);
    });
}

interface CalledOptions {
  readonly personName?: string;
  readonly email?: string;
}

function calledOf({ personName, email }: CalledOptions): { name?: string; email?: string } {
  return { ...(personName === undefined ? {} : { name: personName }), ...(email === undefined ? {} : { email }) };
}

function roles(value: string, before: readonly Role[]): Role[] {
  const role = ROLES.find((one) => one === value);
  if (role === undefined) throw new InvalidArgumentError(`Roles are ${ROLES.join(", ")}.`);
  return [...before, role];
}

/** The code as what either way in takes: a command, and a link for a browser. */
function printCode(app: App, options: JsonOption, view: Pick<AccountView, "account" | "sign_in_code" | "sign_in_link">): void {
  if (options.json === true) {
    app.output.json(view);
    return;
  }
  const { account, sign_in_code: code, sign_in_link: link } = view;
  app.output.line(`${account}: guise login --code ${code ?? "(no code was given)"}`);
  if (link !== undefined) app.output.line(`in a browser: ${link}`);
  app.output.note("Either of them, once, within ten minutes. Whoever has it signs in as that account.");
}
