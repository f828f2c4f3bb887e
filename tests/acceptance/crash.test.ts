import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/**
 * kill -9 of Guise: everything goes on to where it was going, and nothing is left over.
 * Slow: Guise is killed in the middle of builds and starts, which are begun again; images are built for it.
 */
let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.setImagesAside();
  await world.publish(tinyPersona());
});
afterAll(() => world?.close());

interface Shown {
  readonly workspace_id: string;
  readonly state: string;
  readonly launches: readonly { readonly application: string; readonly state: string }[];
}

const shown = async (): Promise<readonly Shown[]> => JSON.parse((await world.guise("ps", "--json")).stdout) as Shown[];

test("in a build: it is built after the restart, and can be used", async () => {
  await world.publish(tinyPersona({ persona_id: "other", persona_name: "Other", required_applications: ["git", "apt:jq", "apt:bc"] }));
  const waiting = world.begin("owner", "request", "other");
  await waiting.saw("being built");
  await world.kill();
  await world.start();
  const requested = await world.guise("request", "other");
  expect([requested.exit, (await waiting.ended).exit]).toEqual([0, 0]);
  expect((await world.guise("exec", "other", "--", "bc", "--version")).exit).toBe(0);
  await world.guise("release", "other");
});

test("in provisioning: it becomes ready after the restart, and leaves nothing", async () => {
  const before = await world.guise("request", "tiny");
  await world.guise("release", "tiny");
  expect(before.exit).toBe(0);
  const waiting = world.begin("owner", "request", "tiny", "--json");
  await waiting.saw('"provisioning"');
  await world.kill();
  await world.start();
  expect((await waiting.ended).exit).toBe(0);
  const [workspace] = await shown();
  expect(workspace?.state).toBe("ready");
  expect((await world.guise("exec", "tiny", "--", "true")).exit).toBe(0);
  await world.guise("release", "tiny");
  expect(await world.containersOf(workspace?.workspace_id ?? "")).toBe(0);
});

test("while ready: the workspace and what was launched in it go on, and are found", async () => {
  await world.guise("request", "tiny");
  await world.guise("exec", "tiny", "--", "sh", "-c", "echo precious > ~/kept; (setsid sleep 1000 >/dev/null 2>&1 &)");
  await world.kill();
  await world.start();
  const [workspace] = await shown();
  expect(workspace?.state).toBe("ready");
  expect((await world.guise("exec", "tiny", "--", "sh", "-c", "cat ~/kept; pgrep -c sleep")).stdout).toMatch(/^precious\n[1-9]/);
  await world.guise("release", "tiny");
  expect(await world.containersOf(workspace?.workspace_id ?? "")).toBe(0);
});

test("down: the home outlives it, and nothing of ours runs meanwhile", async () => {
  await world.guise("request", "tiny");
  await world.guise("exec", "tiny", "--", "sh", "-c", "echo precious > ~/kept");
  expect((await world.down()).exit).toBe(0);
  // Another slot's home begins with the same letters.
  const ours = `${world.home()}/`;
  const running = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandOf(name).includes(ours));
  expect(running.map(commandOf)).toEqual([]);
  expect(readFileSync("/proc/mounts", "utf8")).not.toContain(ours);
  expect(execFileSync("losetup", ["-l", "-n", "-O", "BACK-FILE"], { encoding: "utf8" })).not.toContain(ours);
  expect(execFileSync("ip", ["-br", "address"], { encoding: "utf8" })).not.toContain(gatewayOf());
  await world.start();
  const again = await world.guise("request", "tiny");
  expect(again.exit).toBe(0);
  expect((await world.guise("exec", "tiny", "--", "cat", "/home/user/kept")).stdout).toBe("precious\n");
  await world.guise("release", "tiny");
});

function commandOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** The address of the installation's bridge; while it is down no device may have it. */
function gatewayOf(): string {
  return (JSON.parse(readFileSync(`${world.home()}/engine/engine.json`, "utf8")) as { gateway: string }).gateway;
}
