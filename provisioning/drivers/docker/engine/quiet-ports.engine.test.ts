import { readFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { silentLog } from "#foundation";
import { QuietPorts } from "./quiet-ports.ts";
import { runTool, tryTool } from "./run-tool.ts";

/** On interfaces of the test's own. */
const name = (what: string) => `gq${what}${process.pid % 100_000}`;
const BRIDGE = name("b");
const ports = new QuietPorts(BRIDGE, silentLog);
afterEach(async () => {
  ports.close();
  for (const link of [BRIDGE, name("v"), name("o")]) await tryTool("ip", ["link", "delete", link]);
});

const isOff = async (port: string) => (await readFile(`/proc/sys/net/ipv6/conf/${port}/disable_ipv6`, "utf8")).trim();
const addressesOf = async (port: string) =>
  (await readFile("/proc/net/if_inet6", "utf8")).split("\n").filter((line) => line.endsWith(` ${port}`));

async function port(link: string, peer: string, bridge: string | undefined): Promise<void> {
  await runTool("ip", ["link", "add", link, "type", "veth", "peer", "name", peer]);
  if (bridge !== undefined) await runTool("ip", ["link", "set", link, "master", bridge]);
}

async function up(...links: readonly string[]): Promise<void> {
  for (const link of links) await runTool("ip", ["link", "set", link, "up"]);
}

test("a port that joins the bridge gets no address of IPv6's own; another machine's interfaces are left alone", async () => {
  await runTool("ip", ["link", "add", BRIDGE, "type", "bridge"]);
  ports.watch();
  // The watcher says nothing when it begins: a port joins again and again until it is seen.
  await port(name("v"), name("w"), BRIDGE);
  await port(name("o"), name("p"), undefined);
  await expect
    .poll(async () => {
      await runTool("ip", ["link", "set", name("v"), "nomaster"]);
      await runTool("ip", ["link", "set", name("v"), "master", BRIDGE]);
      return isOff(name("v"));
    })
    .toBe("1");
  await up(BRIDGE, name("v"), name("w"), name("o"), name("p"));
  await expect.poll(() => addressesOf(name("o"))).not.toEqual([]);
  expect([await addressesOf(name("v")), await isOff(name("o"))]).toEqual([[], "0"]);
});
