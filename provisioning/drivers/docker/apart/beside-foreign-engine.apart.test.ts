import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Started } from "#provisioning";
import { runTool } from "../engine/run-tool.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec, type TestDriver } from "../test-support/engine-world.ts";
import { type Outside, openOutside } from "../test-support/outside.ts";
import { connectsTo } from "../test-support/probes.ts";
import { ForeignDockerd, loadImages } from "./foreign-dockerd.fixture.ts";

const OUTSIDE = 3;
const dockerd = new ForeignDockerd({ remapped: false });
let outside: Outside;
let world: EngineWorld;

beforeAll(async () => {
  outside = await openOutside(OUTSIDE);
});
afterAll(async () => {
  await dockerd.close();
  outside?.close();
});

/** What a test that failed left up. */
afterEach(() => world?.close());

/** Somebody else's: a port that is published, and two containers on a network of their own. Gives the address of one of these. */
async function settleOthers(): Promise<string> {
  await loadImages(dockerd.client);
  await dockerd.serve("published", { publish: 8090 });
  await dockerd.client.createNetwork({ Name: "theirs", Driver: "bridge" });
  await dockerd.serve("left", { network: "theirs" });
  return dockerd.serve("right", { network: "theirs" });
}

/** From another machine to the published port, and from one container to the other. */
async function othersWork(right: string): Promise<void> {
  const read = (address: string) => `timeout 5 cat < /dev/tcp/${address}/8090`;
  expect(await runTool("ip", ["netns", "exec", `guise-out-${OUTSIDE}`, "bash", "-c", read(outside.host)])).toBe("hello\n");
  expect(await dockerd.exec("left", ["/bin/bash", "-c", read(right)])).toBe("hello\n0");
}

const forwarding = async () => (await runTool("iptables", ["-S", "FORWARD"])).split("\n")[0];

/** A workspace that may go to the machine outside, on Guise's own engine. */
async function startWorkspace({ driver }: TestDriver, image: string): Promise<Started> {
  const allow = [{ cidr: "0.0.0.0/0", protocol: "tcp", port: null }] as const;
  return driver.start(sandboxSpec(image, { network: { allow, openedRanges: [] } }), quietReport);
}

describe("somebody else's engine was there first, and the machine forwards nothing else", () => {
  let right: string;
  let before: Awaited<ReturnType<ForeignDockerd["others"]>>;

  beforeAll(async () => {
    await dockerd.begin();
    right = await settleOthers();
    before = await dockerd.others(8090);
  });

  test("Guise's own comes up, a workspace works in it, and it goes: nothing of the other changes", async () => {
    expect(await forwarding()).toBe("-P FORWARD DROP");
    await othersWork(right);
    world = await openEngineWorld();
    expect(await dockerd.others(8090)).toEqual(before);
    const own = await world.driver();
    const { handle, channel } = await startWorkspace(own, world.image);
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
    for (const [address, port] of [
      [right, 8090],
      [outside.host, 8090],
    ] as const)
      expect({ address, ...(await connectsTo(channel, address, port)) }).toMatchObject({ address, open: false });
    await othersWork(right);
    expect(await dockerd.others(8090)).toEqual(before);
    expect(await dockerd.client.listContainers({ all: true })).toHaveLength(before.containers.length);
    await own.driver.destroy(handle, { grace: 0, keepHome: false });
    await world.close();
    await othersWork(right);
    expect(await dockerd.others(8090)).toEqual(before);
    expect(await runTool("iptables", ["-S", "DOCKER-USER"])).not.toContain("guise-");
  });
});

describe("somebody else's engine comes when Guise's own is up", () => {
  test("both work, also when the other one restarts and the firewall closes; Guise's goes without a trace in it", async () => {
    await dockerd.close();
    await runTool("iptables", ["-P", "FORWARD", "ACCEPT"]);
    world = await openEngineWorld();
    const own = await world.driver();
    const { handle, channel } = await startWorkspace(own, world.image);
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);

    await dockerd.begin();
    const right = await settleOthers();
    await othersWork(right);
    const before = await dockerd.others(8090);
    await runTool("iptables", ["-P", "FORWARD", "DROP"]);
    await world.engine.holdNetwork();
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
    expect(await dockerd.others(8090)).toMatchObject({ containers: before.containers, networks: before.networks, published: "hello\n" });

    await dockerd.stop();
    await dockerd.start();
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
    for (const name of ["left", "right", "published"]) await dockerd.startAgain(name);
    const settled = await dockerd.others(8090);
    await othersWork(right);

    expect((await channel.run("echo works")).stdout).toBe("works\n");
    await own.driver.destroy(handle, { grace: 0, keepHome: false });
    await world.close();
    await othersWork(right);
    expect(await dockerd.others(8090)).toEqual(settled);
  });
});
