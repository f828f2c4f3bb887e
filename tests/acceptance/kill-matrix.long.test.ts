import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { When } from "../lifecycle/support/mortal.ts";
import { tinyPersona, World } from "./support/world.ts";

/**
 * The kill matrix on the real engine: one life, with suspending, resuming and resizing in it, is lived once without death, and then once
 * for each of its steps and both sides of it, with a Guise that kills itself there and another one that goes on.
 */
let world: World;
const TIERS = { resource_limits: { cpu: "1", ram: "512Mi" }, lifetime: { home: "keep" } };

beforeAll(async () => {
  world = await World.open({ recorded: false });
  await world.publish(tinyPersona(TIERS));
  expect((await world.guise("request", "tiny")).exit).toBe(0);
  await world.guise("release", "tiny", "--with-home");
  await world.kill();
});
afterAll(() => world?.close());

interface Shown {
  readonly workspace_id: string;
  readonly state: string;
  readonly demand: { readonly cpu: number };
}
const held = async () => JSON.parse((await world.guise("ps", "--json")).stdout || "[]") as readonly Shown[];
const inside = (script: string) => world.guise("exec", "tiny", "--", "sh", "-c", script);

/** Whoever was cut off asks again, as a person would; each of these may be asked twice. */
async function insist(act: () => Promise<{ readonly exit: number; readonly stderr: string }>): Promise<void> {
  for (let left = 5; ; left--) {
    const { exit, stderr } = await act();
    if (exit === 0) return;
    if (left === 0) throw new Error(stderr);
  }
}

async function live(): Promise<void> {
  await insist(() => world.guise("request", "tiny"));
  await insist(() => inside("echo precious > ~/kept; sync"));
  await insist(() => world.guise("suspend", "tiny"));
  await insist(() => world.guise("resume", "tiny"));
  await insist(() => inside("grep -q precious ~/kept"));
  await insist(() => world.guise("resize", "tiny", "--cpu", "1"));
  const [workspace] = await held();
  expect([workspace?.state, workspace?.demand.cpu]).toEqual(["ready", 1000]);
  expect((await world.limitsOf(workspace?.workspace_id ?? "")).cpu).toBe(1000);
  await insist(async () => ((await held()).length === 0 ? { exit: 0, stderr: "" } : world.guise("release", "tiny", "--with-home")));
  expect(await world.containersOf(workspace?.workspace_id ?? "")).toBe(0);
  expect(JSON.parse((await world.guise("homes", "list", "--json")).stdout)).toEqual([]);
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as { nodes: { allocated: object }[] };
  expect(nodes[0]?.allocated).toEqual({ cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 });
}

test("killed at every step of a life, on both sides of it: it ends as it does without", async () => {
  const whole = world.path("steps");
  await world.startMortal(whole, 0, "before");
  await live();
  await world.kill();
  const steps = readFileSync(whole, "utf8").trim().split("\n");
  let killed = 0;
  for (let step = 1; step <= steps.length; step++) {
    for (const when of ["before", "after"] satisfies When[]) {
      const file = world.path(`steps-${step}-${when}`);
      const { died } = await world.startMortal(file, step, when);
      // The next Guise comes as soon as this one is gone; one that outlives the life is killed at its end.
      const successor = died.then(() => world.start());
      const ended = live();
      await Promise.race([successor.then(() => killed++), ended]);
      await ended.catch((error: unknown) => {
        throw new Error(`killed ${when} step ${step}, ${steps[step - 1]}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      });
      await world.kill();
      await successor.catch(() => {});
      await world.kill();
    }
  }
  console.log(`${steps.length} steps (${steps.join(", ")}); killed ${killed} times; each life ended as it does without`);
  expect(killed).toBeGreaterThan(steps.length);
});
