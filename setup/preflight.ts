import { existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { formatGib } from "./sizes.ts";

/** One thing that would fail later, in one sentence, with its remedy. */
export interface Finding {
  readonly severity: "stop" | "warn";
  readonly what: string;
  readonly remedy: string;
}

export interface PreflightFacts {
  readonly root: boolean;
  readonly aptLocked: boolean;
  readonly aptThere: boolean;
  readonly needsPackages: readonly string[];
  readonly portTaken: boolean;
  readonly port: number;
  readonly loopDevices: boolean;
  readonly ipv6: boolean;
  readonly freeBytes: number;
  readonly home: string;
}

const LEAST_DISK = 6 * 2 ** 30;

/** Pure: what the facts mean. */
export function findingsOf(facts: PreflightFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const stop = (what: string, remedy: string) => findings.push({ severity: "stop", what, remedy });
  const warn = (what: string, remedy: string) => findings.push({ severity: "warn", what, remedy });
  if (!facts.root) stop("Guise needs root, for the sandboxes' network and for homes with a hard limit", "type: sudo npm start");
  if (facts.portTaken) stop(`port ${facts.port} is taken`, "stop what listens there, or set GUISE_PORT to a free port");
  if (facts.freeBytes < LEAST_DISK)
    stop(
      `${facts.home} has ${formatGib(facts.freeBytes)} free; images need ${formatGib(LEAST_DISK)}`,
      "free some disk, or set GUISE_HOME to a larger one",
    );
  if (facts.needsPackages.length > 0 && !facts.aptThere)
    stop(`${facts.needsPackages.join(", ")} are missing and there is no apt-get`, "install them with this system's package manager");
  if (facts.needsPackages.length > 0 && facts.aptLocked)
    warn("another package installation is running", "this one waits for it, up to 5 minutes");
  if (!facts.loopDevices) stop("there are no loop devices", "type: modprobe loop");
  if (!facts.ipv6) warn("IPv6 is off on this machine", "nothing to do: workspaces use IPv4");
  return findings;
}

export async function gatherFacts(options: {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly needsPackages: readonly string[];
  readonly aptLocked: boolean;
}): Promise<PreflightFacts> {
  return {
    root: process.getuid?.() === 0,
    aptLocked: options.aptLocked,
    aptThere: existsSync("/usr/bin/apt-get"),
    needsPackages: options.needsPackages,
    portTaken: await portTaken(options.host, options.port),
    port: options.port,
    loopDevices: existsSync("/dev/loop-control"),
    ipv6: existsSync("/proc/net/if_inet6"),
    freeBytes: freeBytes(options.home),
    home: options.home,
  };
}

function freeBytes(folder: string): number {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}

function portTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen(port, host, () => server.close(() => resolve(false)));
  });
}
