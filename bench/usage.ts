/**
 * What measuring usage costs: cpu time of Guise's own process for one look at a ready workspace with a shell and an editor open, of the
 * sampler as it runs in Guise, while nothing happens in them and while each of them computes. Every 5 s each workspace is looked at once: the bar is 0.5 ms, which is 0.01 % of a core. It holds for quiet
 * workspaces, which most are; one that computes has its processes told apart at each look.
 */
import { OwnEngine } from "#drivers/docker";
import { silentLog, systemClock } from "#foundation";
import { LimitWatch, UsageSampler } from "#lifecycle";
import type { Driver } from "#provisioning";
import { ENGINE_HOME, open, publish } from "./opened.ts";

const WORKSPACES = 6;
const LOOKS = 100;
const PERIOD = 5_000;
const BAR = 0.5;
const PERSONA = {
  persona_id: "bench-usage",
  persona_name: "Bench",
  required_applications: ["vim"],
  resource_requirements: { cpu: "250m", ram: "128Mi", storage: "64Mi", network_bandwidth: "10Mbit" },
};

let driver: Driver | undefined;
const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" }, (one) => {
  driver = one;
  return one;
});
const { agent, daemon } = opened;
await publish(opened, PERSONA);
// Of a run that was broken off.
for (const workspace of await agent.workspaces()) await agent.releasePersona(workspace.persona_id, { workspace: workspace.workspace_id });
const workspaces = await Promise.all(
  Array.from({ length: WORKSPACES }, (_, at) => agent.requestPersona(PERSONA.persona_id, { name: `bench-${at}` })),
);
for (const workspace of workspaces) {
  await workspace.started(await workspace.launch("shell"));
  await workspace.started(await workspace.launch("vim"));
}
const limits = new LimitWatch({
  repository: daemon.repository,
  driver: driver as Driver,
  live: { publish: () => {}, subscribeToAll: () => () => {} },
  ...{ clock: systemClock, log: silentLog },
});
const sampler = new UsageSampler({
  limits,
  repository: daemon.repository,
  driver: driver as Driver,
  store: {
    save: async () => {},
    points: async () => [],
    kept: async () => undefined,
    forget: async () => {},
    forgetKept: async () => {},
    sums: async () => [],
    daySums: async () => [],
    forgetDays: async () => {},
    close: async () => {},
  },
  live: { subscribeToAll: () => () => {} },
  clock: systemClock,
  log: silentLog,
});
for (let look = 0; look < 20; look++) await sampler.look();
const quiet = await costs(LOOKS, () => sampler.look());
for (const workspace of workspaces) await workspace.exec(["sh", "-c", "while :; do :; done > /dev/null 2>&1 & echo $! > busy"]);
const busy = await costs(LOOKS, async () => {
  // So long that each has used more than is quiet.
  await new Promise((resolve) => setTimeout(resolve, 400));
  await sampler.look();
});
const waiting = await costs(10, () => new Promise((resolve) => setTimeout(resolve, 400)));
for (const workspace of workspaces) await workspace.exec(["sh", "-c", "kill $(cat busy)"]);
const query = await costs(LOOKS, () => daemon.repository.workspaces({ states: ["ready"] }));
await sampler.stop();
const each = { quiet: (quiet - query) / WORKSPACES, busy: (busy - waiting - query) / WORKSPACES };
process.stdout.write(`${WORKSPACES} workspaces, a shell and an editor open in each, ${LOOKS} looks at all of them\n`);
for (const [name, cost] of Object.entries(each))
  process.stdout.write(
    `  ${name}: ${cost.toFixed(3)} ms of cpu time a look and workspace, ${((cost / PERIOD) * 100).toFixed(4)} % of a core ${name === "quiet" ? ` (bar: ${BAR} ms, 0.01 %)` : ""}\n`,
  );
process.stdout.write(`  and ${query.toFixed(3)} ms a look for reading which are ready\n`);
for (const workspace of workspaces) await workspace.release();
await daemon.stop();
const engine = new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock });
await engine.down();
process.exit(each.quiet <= BAR ? 0 : 1);

/** Ms of cpu time of this process for each turn. */
async function costs(turns: number, turn: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let at = 0; at < turns; at++) await turn();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / turns;
}
