import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/** More and less of cpu, ram and bandwidth, by the command, while a program inside goes on. */
let world: World;
beforeAll(async () => {
  world = await World.shared();
  // Of its own: a request gets the version before for as long as a new one is being built.
  const resource_limits = { cpu: "1", ram: "512Mi", network_bandwidth: "100Mbit" };
  await world.publish(tinyPersona({ persona_id: "sized", persona_name: "Sized", resource_limits }));
});
afterAll(() => world?.close());

const inside = async (script: string) => (await world.guise("exec", "sized", "--", "sh", "-c", script)).stdout.trim();
const limits = async () => {
  const listed = JSON.parse((await world.guise("ps", "--json")).stdout) as { workspace_id: string; persona_id: string }[];
  const held = listed.find(({ persona_id }) => persona_id === "sized");
  return world.limitsOf(held?.workspace_id ?? "");
};
const allocated = async () => {
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as {
    nodes: { allocated: Record<string, number> }[];
  };
  return nodes[0]?.allocated;
};

test("a workspace gets more and less while its programs run, and the account follows", async () => {
  await world.guise("request", "sized");
  await inside("(setsid sleep 1000 >/dev/null 2>&1 & echo $! > ~/pid)");
  const before = await limits();
  const account = await allocated();
  const more = await world.guise("resize", "sized", "--cpu", "1", "--ram", "512Mi", "--bandwidth", "40Mbit/80Mbit");
  expect([more.exit, more.stderr]).toEqual([0, expect.stringContaining("1 cpu, 512 MiB ram")]);
  expect(await limits()).toEqual({ cpu: 1000, ram: 512 * 2 ** 20 });
  // Beside the engine's overhead, which stays.
  const { cpu = 0, ram = 0, ingress = 0, egress = 0 } = account ?? {};
  const grown = { cpu: cpu + 1000 - before.cpu, ram: ram + 512 * 2 ** 20 - before.ram };
  expect(await allocated()).toMatchObject({ ...grown, ingress: 40e6, egress: 80e6 });
  expect((await world.guise("why", "sized")).stdout).toMatch(/holds +1 cpu, 512 MiB ram/);

  const back = ["--cpu", `${before.cpu}m`, "--ram", String(before.ram), "--bandwidth", `${ingress / 1e6}Mbit/${egress / 1e6}Mbit`];
  expect((await world.guise("resize", "sized", ...back)).exit).toBe(0);
  expect(await limits()).toEqual(before);
  expect(await allocated()).toEqual(account);
  expect(await inside("kill -0 $(cat ~/pid) && echo runs")).toBe("runs");
});

test("beyond the persona's limits, in a wrong unit, or below what is used: nothing changes, and it is said why", async () => {
  const before = await limits();
  const beyond = await world.guise("resize", "sized", "--ram", "1Gi");
  expect([beyond.exit === 0, beyond.stderr]).toEqual([false, expect.stringContaining("512 MiB ram")]);
  const wrong = await world.guise("resize", "sized", "--cpu", "2 cores");
  expect([wrong.exit, wrong.stderr]).toEqual([2, expect.stringContaining('"500m"')]);
  expect((await world.guise("resize", "sized")).exit).toBe(2);
  expect(await limits()).toEqual(before);
  await inside("head -c 50M /dev/zero > /tmp/full");
  const tight = await world.guise("resize", "sized", "--ram", "32Mi");
  expect([tight.exit === 0, tight.stderr]).toEqual([false, expect.stringContaining("its programs use more ram than it would have")]);
  expect(await limits()).toEqual(before);
  expect((await world.guise("release", "sized")).exit).toBe(0);
});
