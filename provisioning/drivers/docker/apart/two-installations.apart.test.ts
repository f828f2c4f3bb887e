import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLog, systemClock } from "#foundation";
import type { AllowedTarget, Driver, Started } from "#provisioning";
import { createEngineClient } from "../client.ts";
import { installationNames } from "../engine/engine-layout.ts";
import { hostRulesInForce } from "../engine/host-rules.ts";
import { OwnEngine } from "../engine/own-engine.ts";
import { startExec } from "../engine-calls.ts";
import { type DockerWorld, openEngineWorld, openWorldOn, quietReport, sandboxSpec } from "../test-support/engine-world.ts";
import { type Outside, openOutside } from "../test-support/outside.ts";
import { connectsTo, listenInside } from "../test-support/probes.ts";
import { TEST_SLOT } from "../test-support/test-slot.ts";
import { loadImages } from "./foreign-dockerd.fixture.ts";

const SECOND = { home: `${TEST_SLOT.home}-second`, installation: `${TEST_SLOT.installation}-second` };
const everything: AllowedTarget[] = [{ cidr: "0.0.0.0/0", protocol: "tcp", port: null }];

interface Side {
  readonly world: DockerWorld;
  readonly driver: Driver;
  readonly workspace: Started;
  readonly address: string;
}

const engine = new OwnEngine({ ...SECOND, log: silentLog, clock: systemClock });
let outside: Outside;
let one: Side;
let two: Side;

beforeAll(async () => {
  outside = await openOutside(4);
  one = await settle(await openEngineWorld());
  two = await settle(await openSecond());
});
afterAll(async () => {
  await two?.world.close();
  await engine.purge();
  await rm(SECOND.home, { recursive: true, force: true });
  outside?.close();
});

/** Another installation's engine, with images of the same content under its own names. */
async function openSecond(): Promise<DockerWorld> {
  await mkdir(SECOND.home, { recursive: true });
  const facts = await engine.up(() => {});
  const client = createEngineClient(facts.socketPath);
  await loadImages(client);
  const [theirs, ours] = [TEST_SLOT.installation, SECOND.installation].map((installation) => installationNames(installation).bridge);
  for (const tag of (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? [])) {
    const [repo = "", name = ""] = tag.replace(theirs ?? "", ours ?? "").split(":");
    await client.getImage(tag).tag({ repo, tag: name });
  }
  return openWorldOn({ facts, installation: SECOND.installation, work: join(SECOND.home, "bootstrap"), down: () => engine.down() });
}

/** A workspace to which everything is open that rules can open, and that has something to connect to. */
async function settle(world: DockerWorld): Promise<Side> {
  const { driver } = await world.driver();
  const network = { allow: everything, openedRanges: ["0.0.0.0/0"] };
  const workspace = await driver.start(sandboxSpec(world.image, { network }), quietReport);
  await listenInside(workspace.channel, 2222);
  const address = (await workspace.channel.run("hostname -I")).stdout.trim().split(" ")[0] ?? "";
  return { world, driver, workspace, address };
}

/** Takes the guard's rules away, as if it had been broken: what is left is the machine's own. */
async function breakGuard({ world, workspace }: Side): Promise<void> {
  const guard = world.client.getContainer(String(workspace.handle.opaque.guard));
  const { raw } = await startExec(guard, { role: "guard", command: ["/usr/sbin/nft", "delete", "table", "inet", "guise"], user: "0:0" });
  raw.resume();
  await new Promise((resolve) => raw.once("close", resolve));
}

const reaches = async ({ workspace }: Side, address: string, port: number) => (await connectsTo(workspace.channel, address, port)).open;

test("each works, and neither reaches the other's workspace or bridge", async () => {
  for (const side of [one, two]) {
    expect(await reaches(side, side.address, 2222)).toBe(true);
    expect(await reaches(side, outside.address, 8080)).toBe(true);
  }
  for (const [from, to] of [
    [one, two],
    [two, one],
  ] as const) {
    expect(await reaches(from, to.address, 2222)).toBe(false);
    expect(await reaches(from, to.world.facts.gateway, 2222)).toBe(false);
  }
});

test("not even with both guards broken", async () => {
  await breakGuard(one);
  await breakGuard(two);
  expect(await reaches(one, outside.address, 8080)).toBe(true);
  expect(await reaches(one, two.address, 2222)).toBe(false);
  expect(await reaches(two, one.address, 2222)).toBe(false);
});

test("one goes down, and the other works on", async () => {
  await one.driver.destroy(one.workspace.handle, { grace: 0, keepHome: false });
  await one.world.close();
  expect(await hostRulesInForce(installationNames(TEST_SLOT.installation).table)).toBe(false);
  expect(await two.driver.inspect(two.workspace.handle)).toEqual({ condition: "running" });
  expect((await two.workspace.channel.run("echo works")).stdout).toBe("works\n");
  expect(await reaches(two, outside.address, 8080)).toBe(true);
  const another = await two.driver.start(sandboxSpec(two.world.image), quietReport);
  expect((await another.channel.run("echo too")).stdout).toBe("too\n");
  for (const { handle } of [another, two.workspace]) await two.driver.destroy(handle, { grace: 0, keepHome: false });
});
