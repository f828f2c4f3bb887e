/**
 * Request → first command's answer, through SDK, HTTP, loop and engine (image present, pooled guard; with a new home, and with one that
 * an earlier workspace left), beside a plain container of the same image on a new network of its own, to its first exec's answer. Interleaved, in one run.
 */
import { createEngineClient, OwnEngine } from "#drivers/docker";
import { randomIds, silentLog, systemClock } from "#foundation";
import { ENGINE_HOME, open, publish } from "./opened.ts";

/** Of as many rounds the 99th of a hundred is the slowest. */
const ROUNDS = 24;
const PERSONA = {
  persona_id: "bench",
  persona_name: "Bench",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "1", ram: "512Mi", storage: "256Mi", network_bandwidth: "100Mbit" },
};
/** Its home outlives each of its workspaces. */
const KEEPING = { ...PERSONA, persona_id: "bench-kept", lifetime: { home: "keep" } };

const opened = await open({ GUISE_HOME: ENGINE_HOME, GUISE_PORT: "7079" });
const { agent, configuration, daemon } = opened;
const image = await publish(opened, PERSONA);
await publish(opened, KEEPING);
const engine = new OwnEngine({ home: ENGINE_HOME, installation: daemon.installation, log: silentLog, clock: systemClock });
const client = createEngineClient((await engine.up(() => {})).socketPath);

const plain: number[] = [];
const fresh: number[] = [];
const kept: number[] = [];
const release: number[] = [];
const phases = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round++) {
  const keep = round > 0;
  const took = await plainStart();
  if (keep) plain.push(took);
  for (const { persona, into } of [
    { persona: PERSONA, into: fresh },
    { persona: KEEPING, into: kept },
  ]) {
    const took = await guiseStart(persona.persona_id, keep);
    if (keep) into.push(took);
    await guardsAreBack();
  }
}
print();
await daemon.stop();
await engine.down();
process.exit(0);

async function plainStart(): Promise<number> {
  const began = performance.now();
  const network = await client.createNetwork({ Name: randomIds.next("bench"), Driver: "bridge" });
  const container = await client.createContainer({
    Image: image,
    Cmd: ["sleep", "infinity"],
    User: "65534:65534",
    HostConfig: { NetworkMode: network.id },
  });
  await container.start();
  const exec = await container.exec({ Cmd: ["/bin/true"], User: "65534:65534", AttachStdout: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await new Promise((resolve) => stream.on("close", resolve));
  const took = performance.now() - began;
  await container.remove({ force: true });
  await network.remove();
  return took;
}

async function guiseStart(persona: string, keep: boolean): Promise<number> {
  const began = performance.now();
  let accepted = 0;
  const onProgress = () => {
    accepted ||= performance.now() - began;
  };
  const workspace = await agent.requestPersona(persona, { onProgress });
  const ready = performance.now() - began;
  const { exit } = await workspace.exec(["true"]);
  const took = performance.now() - began;
  if (exit !== 0) throw new Error(`the first command ended with ${exit}`);
  const parts = [{ phase: "accepted (HTTP)", took: accepted }, ...workspace.view.phases, { phase: "first command", took: took - ready }];
  if (keep && persona === PERSONA.persona_id)
    for (const { phase, took: part } of parts) phases.set(phase, [...(phases.get(phase) ?? []), part]);
  const asked = performance.now();
  await workspace.release();
  if (keep) release.push(performance.now() - asked);
  return took;
}

/** The pool fills itself in the background; a round begins when it is full. */
async function guardsAreBack(): Promise<void> {
  for (;;) {
    const { pools } = await agent.admin.status();
    if ((pools.guards ?? 0) >= configuration.guards) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function print(): void {
  const row = (name: string, values: readonly number[]) =>
    process.stdout.write(
      `${name.padEnd(46)} median ${quantile(values, 0.5).toFixed(0).padStart(5)} ms   p90 ${quantile(values, 0.9).toFixed(0).padStart(5)} ms   p99 ${quantile(values, 0.99).toFixed(0).padStart(5)} ms   n=${values.length}\n`,
    );
  row("plain: network + create + start + exec", plain);
  row("guise: request → first answer, new home", fresh);
  row("guise: request → first answer, kept home", kept);
  row("guise: release → receipt", release);
  const ratio = (values: readonly number[]) => (quantile(values, 0.5) / quantile(plain, 0.5)).toFixed(2);
  process.stdout.write(`ratio of medians: new home ${ratio(fresh)}, kept home ${ratio(kept)} (bar 0.50)\n`);
  const total = quantile(fresh, 0.5);
  for (const [phase, values] of phases)
    process.stdout.write(
      `  phase ${phase.padEnd(16)} ${quantile(values, 0.5).toFixed(0).padStart(5)} ms   ${((100 * quantile(values, 0.5)) / total).toFixed(0)} % of the whole with a new home (network and storage run side by side)\n`,
    );
}
