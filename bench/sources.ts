/**
 * Request → ready → first command's answer of a persona that names a PostgreSQL database, beside the same persona without it, interleaved, in
 * one run.
 */
import { startPostgres } from "#access/postgres-server";
import { OwnEngine } from "#drivers/docker";
import { openOutside } from "#drivers/docker/outside";
import { silentLog, systemClock } from "#foundation";
import { Figures } from "./figures.ts";
import { ENGINE_HOME, open, publish } from "./opened.ts";

const ROUNDS = 20;
const BAR = 1.3;
const WITHOUT = {
  persona_id: "bench-without",
  persona_name: "Without a source",
  required_applications: ["psql"],
  resource_requirements: { cpu: "1", ram: "512Mi", storage: "256Mi", network_bandwidth: "100Mbit" },
};
const WITH = {
  ...{ ...WITHOUT, persona_id: "bench-with", persona_name: "With a source" },
  access_controls: { data_sources: [{ source: "bench", access: "read" }] },
};
const LENT = `
  CREATE ROLE reader NOLOGIN;
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  CREATE ROLE guise LOGIN CREATEROLE PASSWORD 'for-the-bench-alone';
  GRANT reader TO guise WITH ADMIN OPTION;`;

const { address, namespace, close } = await openOutside();
const postgres = await startPostgres({ address, namespace, settings: ["log_statement=none"] });
await postgres.admin("CREATE DATABASE bench");
await postgres.admin(LENT, "bench");
const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
const { agent, configuration, daemon } = opened;
await agent.admin.removeDataSource("bench").catch(() => undefined);
await agent.admin.addDataSource({
  ...{ source: "bench", kind: "postgres", host: address, database: "bench", authority: postgres.authority },
  ...{ roles: { read: "reader" }, referenced_by: ["*"], received_by: ["*"] },
  login: { username: "guise", password: "for-the-bench-alone" },
});
await publish(opened, WITHOUT);
await publish(opened, WITH);

const times = {
  with: [] as number[],
  without: [] as number[],
  access: [] as number[],
  release: [] as number[],
  plainRelease: [] as number[],
};
for (let round = 0; round <= ROUNDS; round++) {
  const without = await start(WITHOUT.persona_id);
  const given = await start(WITH.persona_id);
  if (round === 0) continue;
  times.without.push(without.took);
  times.plainRelease.push(without.released);
  times.with.push(given.took);
  times.access.push(given.access);
  times.release.push(given.released);
}
const figures = new Figures();
figures.say(
  `without a source, median of ${ROUNDS}: ${median(times.without).toFixed(0)} ms, given back in ${median(times.plainRelease).toFixed(0)} ms`,
);
figures.say(
  `with one: ${median(times.with).toFixed(0)} ms, of which the database ${median(times.access).toFixed(0)} ms; given back in ${median(times.release).toFixed(0)} ms`,
);
figures.ratio("request → first answer", median(times.with) / median(times.without), BAR);
await agent.admin.removeDataSource("bench");
await daemon.stop();
await new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock }).down();
await postgres.stop();
close();
process.exit(figures.held ? 0 : 1);

async function start(persona: string) {
  const began = performance.now();
  const workspace = await agent.requestPersona(persona);
  const { exit } = await workspace.exec(["true"]);
  const took = performance.now() - began;
  if (exit !== 0) throw new Error(`the first command ended with ${exit}`);
  const access = workspace.view.phases.find(({ phase }) => phase === "data_access")?.took ?? 0;
  const asked = performance.now();
  await workspace.release();
  const released = performance.now() - asked;
  await guardsAreBack();
  return { took, access, released };
}

async function guardsAreBack(): Promise<void> {
  for (;;) {
    const { pools } = await agent.admin.status();
    if ((pools.guards ?? 0) >= configuration.guards) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
