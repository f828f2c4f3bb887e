import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Log } from "#foundation";
import { TOOL_VARIABLES } from "./run-tool.ts";

/**
 * Keeps the bridge's ports without an address of IPv6's own, for as long as it watches. Nobody uses that address, but each is another network to a
 * browser on this machine, which then breaks off what it loads: an application that was opened a moment ago stayed white when the next guard was
 * started. A port is seen when it joins the bridge, some milliseconds before it gets an address; one that has it already is left alone, for
 * to take it away would be another change.
 */
export class QuietPorts {
  readonly #bridge: string;
  readonly #log: Log;
  #watching: ChildProcess | undefined;

  constructor(bridge: string, log: Log) {
    this.#bridge = bridge;
    this.#log = log;
  }

  /** Without the program, or where it ends, ports are as they always were. */
  watch(): void {
    const watching = spawn("ip", ["-o", "monitor", "link"], { env: TOOL_VARIABLES, stdio: ["ignore", "pipe", "ignore"] });
    watching.on("error", (error) => this.#log.warn({ err: error }, "ports of the bridge are not kept quiet"));
    const quieted = new Set<string>();
    createInterface({ input: watching.stdout }).on("line", (line) => {
      const port = portJoining(line, this.#bridge);
      if (port === undefined || quieted.has(port)) return;
      // Each port is told of some ten times as it comes up.
      if (quieted.size > 1_000) quieted.clear();
      quieted.add(port);
      quiet(port).catch((error: unknown) => this.#log.debug({ err: error, port }, "a port of the bridge was gone before it was quiet"));
    });
    watching.unref();
    this.#watching = watching;
  }

  close(): void {
    this.#watching?.kill();
    this.#watching = undefined;
  }
}

/** Of a line of `ip -o monitor link` the port that it shows on the bridge. Pure. */
export function portJoining(line: string, bridge: string): string | undefined {
  const [, name, facts = ""] = /^\d+: ([^:@\s]+)(?:@[^:\s]+)?: (.*)$/.exec(line) ?? [];
  const words = facts.split(" ");
  return name !== undefined && words[words.indexOf("master") + 1] === bridge && words.includes("master") ? name : undefined;
}

async function quiet(port: string): Promise<void> {
  const addresses = await readFile("/proc/net/if_inet6", "utf8").catch(() => "");
  if (addresses.split("\n").some((line) => line.endsWith(` ${port}`))) return;
  await writeFile(`/proc/sys/net/ipv6/conf/${port}/disable_ipv6`, "1");
}
