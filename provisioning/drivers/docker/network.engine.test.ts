import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AllowedTarget, Channel, Driver, Started } from "#provisioning";
import { tryTool } from "./engine/run-tool.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { bandwidthLimits } from "./test-support/kernel-limits.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { answersUdp, connectsTo, listenInside } from "./test-support/probes.ts";

let world: EngineWorld;
let driver: Driver;
let outside: Outside;
let service: Server;
let servicePort: number;
let peer: Started;
let peerAddress: string;
const started: Started[] = [];

/** Of the machine outside too, in a range that no workspace reaches. */
const PRIVATE = "10.213.7.9";
const tcp = (cidr: string, port: number | null): AllowedTarget => ({ cidr, protocol: "tcp", port });

async function startWith(
  allow: readonly AllowedTarget[],
  openedRanges: readonly string[] = [],
  bandwidth = { ingress: 100e6, egress: 100e6 },
): Promise<Channel> {
  const sandbox = await driver.start(sandboxSpec(world.image, { network: { allow, openedRanges }, bandwidth }), quietReport);
  started.push(sandbox);
  return sandbox.channel;
}

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  outside = await openOutside(undefined, [PRIVATE]);
  service = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => void service.listen(0, "0.0.0.0", resolve));
  const address = service.address();
  servicePort = typeof address === "object" && address !== null ? address.port : 0;
  peer = await driver.start(sandboxSpec(world.image), quietReport);
  started.push(peer);
  await listenInside(peer.channel, 2222);
  peerAddress = (await peer.channel.run("hostname -I || cat /proc/net/fib_trie")).stdout.trim().split(/\s+/)[0] ?? "";
});

afterAll(async () => {
  await Promise.all(started.map(({ handle }) => driver.destroy(handle, { grace: 0, keepHome: false })));
  service?.close();
  outside?.close();
  await world?.close();
});

describe("only what is listed is reachable", () => {
  test("with one target listed", async () => {
    const channel = await startWith([tcp(`${outside.address}/32`, 8080)]);
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
    const closed: [string, number][] = [
      [outside.address, 8081],
      [outside.host, servicePort],
      [world.facts.gateway, servicePort],
      [peerAddress, 2222],
      [outside.metadata, 8080],
    ];
    for (const [address, port] of closed) {
      expect({ address, port, ...(await connectsTo(channel, address, port)) }).toEqual({ address, port, open: false, refused: true });
    }
    expect(await answersUdp(channel, outside.address, 53)).toBe(false);
  });

  test("with everything allowed, the host, peers and metadata stay closed, and other protocols too", async () => {
    const channel = await startWith([tcp("0.0.0.0/0", null), tcp("::/0", null)], ["0.0.0.0/0"]);
    expect((await connectsTo(channel, outside.address, 8081)).open).toBe(true);
    for (const [address, port] of [
      [outside.host, servicePort],
      [world.facts.gateway, servicePort],
      [peerAddress, 2222],
      [outside.metadata, 8080],
    ] as const)
      expect({ address, ...(await connectsTo(channel, address, port)) }).toMatchObject({ address, open: false });
    expect(await answersUdp(channel, outside.address, 53)).toBe(false);
    expect((await connectsTo(channel, "2001:db8::1", 80)).open).toBe(false);
  });

  test("a data source in a range that is closed is reached by its port alone, until it is taken", async () => {
    const source = tcp(`${PRIVATE}/32`, 8080);
    const spec = sandboxSpec(world.image, { network: { allow: [], openedRanges: [], sources: [source] } });
    const sandbox = await driver.start(spec, quietReport);
    started.push(sandbox);
    const { channel, handle } = sandbox;
    expect((await connectsTo(channel, PRIVATE, 8080)).open).toBe(true);
    const closed: [string, number][] = [
      [PRIVATE, 8081],
      [outside.host, servicePort],
      [world.facts.gateway, servicePort],
      [peerAddress, 2222],
      [outside.address, 8080],
    ];
    for (const [address, port] of closed)
      expect({ address, port, ...(await connectsTo(channel, address, port)) }).toEqual({ address, port, open: false, refused: true });
    await driver.network?.rewire(handle, { allow: [], openedRanges: [], sources: [] });
    expect(await connectsTo(channel, PRIVATE, 8080)).toEqual({ open: false, refused: true });
  });

  test("udp where udp is listed", async () => {
    const channel = await startWith([{ cidr: `${outside.address}/32`, protocol: "udp", port: 53 }]);
    expect(await answersUdp(channel, outside.address, 53)).toBe(true);
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(false);
  });

  test("nobody reaches into a workspace, and its own loopback works", async () => {
    const channel = await startWith([tcp("0.0.0.0/0", null)]);
    expect((await connectsTo(peer.channel, "127.0.0.1", 2222)).open).toBe(true);
    expect((await connectsTo(peer.channel, peerAddress, 2222)).open).toBe(true);
    expect((await connectsTo(channel, peerAddress, 2222)).open).toBe(false);
    expect((await channel.run("cat /proc/net/if_inet6 | grep -v ' lo$'")).stdout).toBe("");
  });
});

test("the way out stays when somebody goes whose hardware address the bridge could have taken", async () => {
  const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });
  ip("link", "add", "guise-low-a", "address", "00:00:00:00:00:01", "type", "veth", "peer", "name", "guise-low-b");
  ip("link", "set", "guise-low-a", "master", world.facts.bridge, "up");
  try {
    const channel = await startWith([tcp(`${outside.address}/32`, 8080)]);
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
    ip("link", "delete", "guise-low-a");
    expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
  } finally {
    await tryTool("ip", ["link", "delete", "guise-low-a"]);
  }
});

test.each([
  { ingress: 20e6, egress: 5e6 },
  { ingress: 5e6, egress: 20e6 },
])("the kernel holds each way to what was promised: %o", async (bandwidth) => {
  await startWith([tcp(`${outside.address}/32`, 8080)], [], bandwidth);
  const { handle } = started.at(-1) ?? expect.fail("nothing was started");
  expect(await bandwidthLimits(world, handle)).toEqual(bandwidth);
});
