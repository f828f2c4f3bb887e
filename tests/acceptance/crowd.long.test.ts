import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { PersonaAgent } from "@guise/agent";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/** Far more ask than fit, all at once, and each gives back what it got a few seconds later. */
let world: World;
const CROWD = 100;
const PEOPLE = 10;
const HELD_MS = 2_000;

beforeAll(async () => {
  world = await World.open();
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as { nodes: { capacity: { ram: number } }[] };
  const mebibytes = Math.floor((nodes[0]?.capacity.ram ?? 0) / 9 / 2 ** 20);
  const resource_requirements = { cpu: "100m", ram: `${mebibytes}Mi`, storage: "64Mi", network_bandwidth: "10Mbit" };
  await world.publish(tinyPersona({ resource_requirements }));
  expect((await world.guise("request", "tiny")).exit).toBe(0);
  await world.guise("release", "tiny");
});
afterAll(() => world?.close());

async function agentOf(person: string): Promise<PersonaAgent> {
  await world.signIn(person, ["engineering"]);
  const { broker, sign_in } = JSON.parse(readFileSync(world.credentials(person), "utf8")) as { broker: string; sign_in: string };
  return PersonaAgent.connect({ broker, token: { sign_in } });
}

test("100 requests at once: all become ready, in order, each knowing its place and estimate; none given up, none left over", async () => {
  const agents = await Promise.all(Array.from({ length: PEOPLE }, (_, at) => agentOf(`person-${at}`)));
  const began = performance.now();
  const places = new Set<number>();
  const estimated = new Set<number>();
  const readyOrder: { at: number; since: string }[] = [];
  let most = 0;
  let holding = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: CROWD }, async (_, at) => {
      const agent = agents[at % PEOPLE];
      if (agent === undefined) throw new Error("nobody asks");
      const workspace = await agent.requestPersona("tiny", {
        name: `n${at}`,
        onProgress(progress) {
          const said = progress.kind === "workspace" ? progress.workspace : progress;
          if ("place" in said && said.place !== undefined) places.add(at);
          if ("estimate" in said && said.estimate !== undefined) estimated.add(at);
        },
      });
      most = Math.max(most, ++holding);
      readyOrder.push({ at, since: workspace.view.requested_at });
      await setTimeout(HELD_MS);
      holding--;
      await agent.releasePersona("tiny", { name: `n${at}` });
    }),
  );
  const took = (performance.now() - began) / 1000;
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  const inOrder = readyOrder.map(({ since }) => since);
  const sorted = [...inOrder].sort();
  // How far from its turn anybody became ready: those admitted together finish their starts in any order.
  const shifts = inOrder.map((since, at) => Math.abs(sorted.indexOf(since) - at));
  console.log(
    `${CROWD} requests: ${outcomes.length - failures.length} ready and given back in ${took.toFixed(0)} s, at most ${most} at once, ` +
      `${places.size} were told their place, ${estimated.size} an estimate, furthest from its turn ${Math.max(...shifts)}`,
  );
  expect(failures).toEqual([]);
  expect(places.size).toBeGreaterThanOrEqual(CROWD - most - PEOPLE);
  expect(estimated.size).toBeGreaterThanOrEqual(CROWD / 2);
  expect(Math.max(...shifts)).toBeLessThanOrEqual(2 * most);
  const left = JSON.parse((await world.guise("ps", "--everyone", "--json")).stdout) as unknown[];
  expect(left).toEqual([]);
  expect(await world.containersOfAnybody()).toBe(0);
});
