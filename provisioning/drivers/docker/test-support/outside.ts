import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What lies beyond the sandboxes' bridge: a host of its own, reached by routing, with more addresses than one. */
export interface Outside {
  readonly address: string;
  /** Its network namespace. */
  readonly namespace: string;
  /** Routed to the same host, out of the link-local range that holds metadata services. */
  readonly metadata: string;
  /** This machine's own address on that link. */
  readonly host: string;
  readonly ports: readonly [number, number];
  close(): void;
}

/** Of AS112: no special range closes it, as any other address of the internet, and no test needs what is really there. */
const NETWORK = "192.31.196";
const SERVER = join(import.meta.dirname, "outside-server.ts");

/** Makes a network namespace with a server; needs root. `number` keeps two of them apart; it answers at the addresses of `also` too. */
export async function openOutside(number = process.pid % 200, also: readonly string[] = []): Promise<Outside> {
  const name = `guise-out-${number}`;
  const [host, address, metadata] = [`${NETWORK}.${(number % 60) * 4 + 1}`, `${NETWORK}.${(number % 60) * 4 + 2}`, `169.254.77.${number}`];
  const [near, far] = [`gout${number}a`, `gout${number}b`];
  const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });
  ip("netns", "add", name);
  ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", name);
  ip("addr", "add", `${host}/30`, "dev", near);
  ip("link", "set", near, "up");
  ip("-n", name, "addr", "add", `${address}/30`, "dev", far);
  for (const further of [metadata, ...also]) ip("-n", name, "addr", "add", `${further}/32`, "dev", far);
  ip("-n", name, "link", "set", far, "up");
  ip("-n", name, "link", "set", "lo", "up");
  ip("-n", name, "route", "add", "default", "via", host);
  for (const further of [metadata, ...also]) ip("route", "add", `${further}/32`, "via", address);
  const server = spawn("ip", ["netns", "exec", name, process.execPath, SERVER, "8080", "8081"], { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout, "data");
  return { address, namespace: name, metadata, host, ports: [8080, 8081], close: () => close(server, name, near) };
}

function close(server: ChildProcess, name: string, near: string): void {
  server.kill("SIGKILL");
  execFileSync("ip", ["link", "del", near]);
  execFileSync("ip", ["netns", "del", name]);
}
