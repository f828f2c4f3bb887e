import { DIMENSIONS, type Dimension, formatAmount, plainText, type Status } from "@guise/contract";
import type { Output } from "../output.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";
import { addAccountVerbs } from "./admin-account.ts";
import { addGroupVerbs } from "./admin-group.ts";
import { addImageVerbs } from "./admin-images.ts";
import { addPackageVerbs } from "./admin-packages.ts";
import { addSourceVerbs } from "./admin-sources.ts";
import { addUsageVerb } from "./admin-usage.ts";
import { addHomeVerbs } from "./homes.ts";

export const admin: Verb = (program, app) => {
  const group = program
    .command("admin")
    .summary("for operators: accounts, groups, priorities, homes, images, packages, usage, status")
    .description("For operators.");
  addAccountVerbs(group, app);
  addGroupVerbs(group, app);
  addHomeVerbs(group.command("homes").description("Everybody's homes."), app, true);
  addImageVerbs(group, app);
  addPackageVerbs(group, app);
  addSourceVerbs(group, app);
  addUsageVerb(group, app);
  withJson(group.command("status"))
    .description("Engine, capacity, queue with reasons, builds.")
    .action(async (options: JsonOption) => {
      const status = await (await app.connect()).admin.status();
      if (options.json === true) app.output.json(status);
      else printStatus(app.output, status);
    });
};

function printStatus(output: Output, status: Status): void {
  const { engine, workspaces, pools } = status;
  output.line(`guise ${status.version}, installation ${status.installation}`);
  output.line(`engine ${engine.driver}: ${engine.reachable ? "reachable" : "not reachable"}`);
  output.line(`facts: ${figures(engine.facts)}`);
  for (const warning of engine.warnings) output.line(`warning: ${warning}`);
  output.line(`workspaces: ${figures(workspaces)}`);
  output.line(`pools: ${figures(pools)}`);
  output.line();
  const nodes = status.nodes.flatMap(({ node, capacity, allocated, free, assumed, explained = {} }) =>
    DIMENSIONS.map((dimension) => {
      const amount = (from: typeof capacity) => formatAmount(dimension, from[dimension]);
      return [node, dimension, amount(allocated), amount(free), amount(capacity), noteOn(dimension, assumed, explained)];
    }),
  );
  output.table(["NODE", "WHAT", "ALLOCATED", "FREE", "CAPACITY", "NOTE"], nodes);
  printQueue(output, status);
  for (const { persona_id, version, percent, message } of status.builds) {
    output.line(
      `building ${persona_id} version ${version}${percent === undefined ? "" : ` ${Math.round(percent)} %`} ${message ?? ""}`.trimEnd(),
    );
  }
}

/** A dimension may be both: assumed, and given out several times. */
function noteOn(dimension: Dimension, assumed: readonly string[], explained: Readonly<Record<string, string>>): string {
  return [assumed.includes(dimension) ? "assumed" : "", plainText(explained[dimension] ?? "")].filter((note) => note !== "").join("; ");
}

function printQueue(output: Output, { queue, workspaces }: Status): void {
  if (queue.length === 0) return;
  output.line();
  const rows = queue.map(({ place, persona_id, owner, priority, message, workspace_id }) => [
    String(place),
    persona_id,
    owner,
    priority,
    workspace_id,
    message,
  ]);
  output.table(["PLACE", "PERSONA", "OWNER", "PRIORITY", "WORKSPACE", "REASON"], rows);
  const more = (workspaces.queued ?? 0) - queue.length;
  if (more > 0) output.line(`and ${more} more behind them`);
}

function figures(counts: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}
