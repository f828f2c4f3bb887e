import { type ApplicationUsage, formatBytes, formatCpu, formatDuration, limitText, type WorkspaceUsage } from "@guise/contract";
import type { Output } from "../output.ts";
import { type ChoiceOptions, type Verb, withChoice, withJson } from "../verb.ts";

export const usage: Verb = (program, app) => {
  withJson(withChoice(program.command("usage <persona>")))
    .summary("what a workspace uses and has used, and which of its applications")
    .description("Shows cpu, memory, storage and network now and in all, and per application launches, running time, cpu and memory.")
    .addHelpText("after", "\nThe id of a workspace that was given back shows what it had used, for 35 days.")
    .action(async (persona: string, options: ChoiceOptions) => {
      const agent = await app.connect();
      const workspace = await app.workspace(agent, persona, options);
      const used = await workspace.usage();
      if (options.json === true) app.output.json(used);
      else show(app.output, used);
    });
};

function show(output: Output, used: WorkspaceUsage): void {
  const { latest, totals, limits_hit, applications } = used;
  const fact = (name: string, value: string) => output.line(`${name.padEnd(12)} ${value}`);
  if (latest !== undefined) {
    fact("now", `${formatCpu(latest.cpu)}, ${formatBytes(latest.ram)} ram, ${formatBytes(latest.storage)} storage`);
  }
  fact("in all", `${formatDuration(totals.cpu_time)} of cpu time, ${mostRam(used)}`);
  fact("network", `${formatBytes(totals.received)} received, ${formatBytes(totals.sent)} sent`);
  for (const note of limits_hit ?? []) fact("limit hit", limitText(note));
  if (applications.length === 0) {
    fact("applications", "none was launched");
    return;
  }
  output.line();
  output.table(["APPLICATION", "LAUNCHES", "RUNNING", "CPU TIME", "MEMORY, MOST"], applications.map(rowOf));
}

/**
 * What is held is looked at every few seconds. The kernel's own count misses nothing between, and takes in files that it could drop; where it
 * had to end a program, it had dropped them.
 */
function mostRam({ latest, series, ram_most, limits_hit }: WorkspaceUsage): string {
  const seen = Math.max(0, latest?.ram ?? 0, ...series.map(({ ram_peak }) => ram_peak));
  const killed = limits_hit?.some(({ limit }) => limit === "memory") === true;
  if (ram_most === undefined || killed) return `${formatBytes(Math.max(seen, ram_most ?? 0))} ram at most`;
  return `${formatBytes(seen)} ram at most, ${formatBytes(ram_most)} with the files that the kernel kept in it`;
}

function rowOf({ application, launches, running, cpu_time, ram_peak }: ApplicationUsage): string[] {
  return [application, String(launches), formatDuration(running), formatDuration(cpu_time), formatBytes(ram_peak)];
}
