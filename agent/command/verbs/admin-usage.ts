import { formatBytes, formatDuration, insightText, USAGE_DAYS, type UsageOverTime, type UsedOverTime } from "@guise/contract";
import { type Command, InvalidArgumentError } from "commander";
import type { App } from "../app.ts";
import type { Output } from "../output.ts";
import { type JsonOption, withJson } from "../verb.ts";

export function addUsageVerb(admin: Command, app: App): void {
  withJson(admin.command("usage"))
    .description("What people used over days, by persona, application and group, and what stands out.")
    .option("--days <count>", `how many, with today; at most ${USAGE_DAYS.most}`, days, USAGE_DAYS.usual)
    .action(async (options: JsonOption & { days: number }) => {
      const usage = await (await app.connect()).admin.usage(options.days);
      if (options.json === true) app.output.json(usage);
      else printUsage(app.output, usage, options.days);
    });
}

function days(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= USAGE_DAYS.least && count <= USAGE_DAYS.most) return count;
  throw new InvalidArgumentError(`Give a whole number from ${USAGE_DAYS.least} to ${USAGE_DAYS.most}.`);
}

function printUsage(output: Output, usage: UsageOverTime, count: number): void {
  const { personas, applications, groups, left_out: leftOut, insights, since } = usage;
  output.line(`since ${since}`);
  for (const [head, rows, left] of [
    ["PERSONA", personas, leftOut.personas],
    ["APPLICATION", applications, leftOut.applications],
    ["GROUP", groups, leftOut.groups],
  ] as const) {
    output.line();
    output.table([head, "PEOPLE", "LAUNCHES", "RAN", "CPU TIME", "MOST RAM"], rows.map(rowOf));
    if (left > 0) output.line(`and ${left} that fewer than ${usage.least_people} people used`);
  }
  if (insights.length > 0) output.line();
  for (const insight of insights) {
    const { found, remedy } = insightText(insight, count);
    output.line(`${insight.persona_id}: ${found} ${remedy}`);
  }
}

function rowOf({ name, people, launches, running, cpu_time, ram_peak }: UsedOverTime): string[] {
  return [name, String(people), String(launches), formatDuration(running), formatDuration(cpu_time), formatBytes(ram_peak)];
}
