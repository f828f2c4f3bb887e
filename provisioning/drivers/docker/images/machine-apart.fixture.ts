import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { TEST_SLOT } from "../test-support/test-slot.ts";

/** A server on a machine of its own (a network namespace), which builds reach as any other machine of the network. */
export interface MachineApart {
  /** What it says after its first word. */
  readonly says: Readable;
  close(): Promise<void>;
}

/** Its address on the network of this number, of each test slot another. */
export function addressApart(network: number): string {
  return `10.77.${network}.${TEST_SLOT.number * 4 + 2}`;
}

/** Runs a script of Node there, and waits for its first word. */
export async function machineApart(network: number, script: string, args: readonly string[]): Promise<MachineApart> {
  const space = `guise-apart${network}-${process.pid}`;
  const device = `guise-a${network}x${TEST_SLOT.number}`;
  const address = addressApart(network);
  const hostSide = `10.77.${network}.${TEST_SLOT.number * 4 + 1}`;
  const ip = (...words: readonly string[]) => execFileSync("ip", words);
  // Of a run that was killed.
  spawnSync("ip", ["link", "delete", device], { stdio: "ignore" });
  ip("netns", "add", space);
  ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", space);
  ip("address", "add", `${hostSide}/30`, "dev", device);
  ip("link", "set", device, "up");
  ip("-n", space, "address", "add", `${address}/30`, "dev", "eth0");
  ip("-n", space, "link", "set", "eth0", "up");
  ip("-n", space, "route", "add", "default", "via", hostSide);
  const server = spawn("ip", ["netns", "exec", space, process.execPath, script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout, "data");
  return {
    says: server.stdout,
    async close() {
      server.kill("SIGKILL");
      await once(server, "close");
      ip("netns", "delete", space);
    },
  };
}
