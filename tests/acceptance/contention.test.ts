import { afterAll, beforeAll, expect, test } from "vitest";
import { Line } from "./support/line.ts";
import { tinyPersona, World } from "./support/world.ts";

/** What does not fit now waits, with place and reason, and starts by itself; what can never fit is refused at once. */
let world: World;

beforeAll(async () => {
  world = await World.shared();
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as { nodes: { capacity: { ram: number } }[] };
  const mebibytes = Math.floor(((nodes[0]?.capacity.ram ?? 0) * 0.6) / 2 ** 20);
  const requirements = (ram: string) => ({ cpu: "100m", ram, storage: "64Mi", network_bandwidth: "10Mbit" });
  await world.publish(tinyPersona({ persona_id: "big", persona_name: "Big", resource_requirements: requirements(`${mebibytes}Mi`) }));
  await world.publish(tinyPersona({ persona_id: "huge", persona_name: "Huge", resource_requirements: requirements("900Gi") }));
});
afterAll(() => world?.close());

test("never fits, does not fit now, and a higher priority first", async () => {
  expect((await world.guise("request", "big", "--name", "one")).exit).toBe(0);

  const never = await world.guise("request", "huge");
  expect(never.exit).toBe(5);
  expect(never.stderr).toMatch(/the largest that one node could grant is [\d.]+ GiB/);

  const impatient = await world.guise("request", "big", "--name", "two", "--no-wait");
  expect(impatient.exit).toBe(5);
  expect(impatient.stderr).toMatch(/needs .* ram; node-1 has .* free/);

  const two = world.begin("owner", "request", "big", "--name", "two");
  await two.saw("place 1:");
  expect((await world.guise("why", "big", "--name", "two")).stdout).toContain("it is next in the queue");
  const urgent = world.begin("owner", "request", "big", "--name", "urgent", "--priority", "high");
  await two.saw("place 2:");

  await world.guise("release", "big", "--name", "one");
  expect((await urgent.ended).exit).toBe(0);
  expect((await world.guise("ps", "--json")).stdout).toContain('"queued"');
  await world.guise("release", "big", "--name", "urgent");
  expect((await two.ended).exit).toBe(0);
  await world.guise("release", "big", "--name", "two");
});

test("a connection that is cut while a request waits loses nothing: what happened meanwhile is told when it is back", async () => {
  const line = await Line.open(World.port);
  try {
    await world.signIn("remote", ["engineering"], `http://[::1]:${World.port}`);
    expect((await world.guise("request", "big", "--name", "one")).exit).toBe(0);
    const waiting = world.begin("remote", "request", "big");
    await waiting.saw("place 1:");
    await line.cut();
    await waiting.saw("the connection was lost");
    await world.guise("release", "big", "--name", "one");
    await expect.poll(async () => (await world.guise("ps", "--everyone", "--json")).stdout, { timeout: 20_000 }).toContain('"ready"');
    await line.mend();
    const requested = await waiting.ended;
    expect(requested.stderr).toContain("connected again");
    expect([requested.exit, requested.stderr]).toEqual([0, expect.stringMatching(/ready Big/)]);
    const { length } = JSON.parse((await world.as("remote", "ps", "--json")).stdout) as unknown[];
    expect(length).toBe(1);
    expect((await world.as("remote", "release", "big")).exit).toBe(0);
  } finally {
    await line.cut();
  }
});
