import { type GroupView, PRIORITY_NAMES, type Priority } from "@guise/contract";
import { Argument, type Command } from "commander";
import { AgentError } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { type JsonOption, withJson } from "../verb.ts";

export function addGroupVerbs(admin: Command, app: App): void {
  const group = admin.command("group").description("Groups of people.");
  withJson(group.command("create <group>"))
    .description("Makes a group.")
    .action(async (name: string, options: JsonOption) => printGroup(app, options, await (await app.connect()).admin.createGroup(name)));
  withJson(group.command("list"))
    .description("All groups, with members and the highest priority that they may ask for.")
    .action(async (options: JsonOption) => {
      const groups = await (await app.connect()).admin.groups();
      if (options.json === true) return app.output.json(groups);
      app.output.table(
        ["GROUP", "PRIORITY", "MEMBERS"],
        groups.map((one) => [one.group, one.priority, one.members.join(",")]),
      );
    });
  withJson(group.command("add <group> <account>"))
    .description("Puts an account into a group.")
    .action(async (name: string, account: string, options: JsonOption) => {
      const { admin: operator } = await app.connect();
      const found = (await operator.accounts()).find((one) => one.account === account);
      if (found === undefined) throw new AgentError("not_found", `There is no account ${account}.`, { remedy: "guise admin account list" });
      const changed = await operator.changeAccount(account, { groups: [...new Set([...found.groups, name])] });
      if (options.json === true) app.output.json(changed);
      else app.output.line(`${account} is in ${changed.groups.join(", ")}`);
    });
  withJson(admin.command("grant <group>").addArgument(new Argument("<priority>", "the highest priority").choices(PRIORITY_NAMES)))
    .description("Sets the highest priority that members of a group may ask for.")
    .action(async (name: string, priority: Priority, options: JsonOption) =>
      printGroup(app, options, await (await app.connect()).admin.grant(name, priority)),
    );
}

function printGroup(app: App, options: JsonOption, view: GroupView): void {
  if (options.json === true) app.output.json(view);
  else app.output.line(`${view.group}: priority ${view.priority}, ${view.members.length} members`);
}
