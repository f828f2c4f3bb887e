import { access, writeFile } from "node:fs/promises";
import { runTool, tryTool } from "./run-tool.ts";

const BRIDGE_FILTER = "/proc/sys/net/bridge/bridge-nf-call-iptables";

export async function bridgeExists(name: string): Promise<boolean> {
  return (await tryTool("ip", ["link", "show", "dev", name])).exit === 0;
}

/** Makes what is missing of the bridge; leaves one that is whole as it is. IPv6 is off: a link-local address would be a way to the host. */
export async function ensureBridge(name: string, gateway: string, subnet: string): Promise<void> {
  if (!(await bridgeExists(name))) await runTool("ip", ["link", "add", name, "type", "bridge"]);
  await set(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, "1");
  await runTool("ip", ["link", "set", "dev", name, "address", hardwareAddress(gateway)]);
  const prefix = subnet.slice(subnet.indexOf("/"));
  await removeOtherAddresses(name, `${gateway}${prefix}`);
  await runTool("ip", ["address", "replace", `${gateway}${prefix}`, "dev", name]);
  await runTool("ip", ["link", "set", name, "up"]);
}

/**
 * A bridge without an address of its own takes the lowest of its ports': it then changes as sandboxes come and go, and all
 * others send to an address that nobody has until they notice, 30 s later and more. Locally administered, one for each IPv4 address.
 */
export function hardwareAddress(gateway: string): string {
  return ["02", "42", ...gateway.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"))].join(":");
}

/** A bridge that outlived a change of subnet has the old address too, and the engine would give sandboxes that one as their way out. */
async function removeOtherAddresses(name: string, wanted: string): Promise<void> {
  const shown = await runTool("ip", ["-4", "-o", "address", "show", "dev", name]);
  const addresses = [...shown.matchAll(/\sinet (\S+)/g)].map((match) => match[1] ?? "");
  for (const address of addresses) if (address !== wanted) await tryTool("ip", ["address", "delete", address, "dev", name]);
}

/** Absent is success. */
export async function removeBridge(name: string): Promise<void> {
  if (await bridgeExists(name)) await runTool("ip", ["link", "delete", name]);
}

/**
 * Lets the machine pass packets on, as any engine does. It stays on when ours goes down: whoever else came to rely on
 * it meanwhile is not known.
 */
export async function allowForwarding(): Promise<void> {
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
}

/**
 * Sends frames between the bridge's own ports through the firewall, where the kernel can (module br_netfilter).
 * Gives whether it can; the guards' own rules keep neighbors apart in either case.
 */
export async function filterBridgePorts(name: string): Promise<boolean> {
  if (!(await there(BRIDGE_FILTER))) await tryTool("modprobe", ["br_netfilter"]).catch(() => undefined);
  return (await there(BRIDGE_FILTER)) && (await set(`/sys/class/net/${name}/bridge/nf_call_iptables`, "1"));
}

async function there(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** False when this kernel has no such setting. */
async function set(file: string, value: string): Promise<boolean> {
  return writeFile(file, value).then(
    () => true,
    () => false,
  );
}
