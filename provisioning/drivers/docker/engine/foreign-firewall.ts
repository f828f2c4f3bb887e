import { codeOf } from "#foundation";
import { runTool, tryTool } from "./run-tool.ts";

/**
 * A foreign engine that switched forwarding on sets the FORWARD policy to DROP, and an accept in our own table does not
 * outvote that. DOCKER-USER is the chain that such an engine leaves to others; it may also come up after us.
 */
export type Forwarding = "open" | "opened" | "closed";

function accepts(bridge: string): readonly (readonly string[])[] {
  return [
    ["-i", bridge, "-j", "ACCEPT"],
    ["-o", bridge, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"],
  ];
}

/** `open`: nothing of others stands in the way; `opened`: our two rules are in DOCKER-USER; `closed`: a firewall drops what sandboxes send. */
export async function openForeignFirewall(bridge: string): Promise<Forwarding> {
  const forward = await iptables(["-S", "FORWARD"]);
  if (forward === undefined) return "open";
  const drops = forward.includes("-P FORWARD DROP");
  if ((await iptables(["-S", "DOCKER-USER"])) === undefined) return drops ? "closed" : "open";
  for (const rule of accepts(bridge)) {
    if ((await iptables(["-C", "DOCKER-USER", ...rule])) === undefined)
      await runTool("iptables", ["-w", "5", "-I", "DOCKER-USER", ...rule]);
  }
  return "opened";
}

/** Absent is success. */
export async function closeForeignFirewall(bridge: string): Promise<void> {
  for (const rule of accepts(bridge)) {
    while ((await iptables(["-C", "DOCKER-USER", ...rule])) !== undefined)
      await runTool("iptables", ["-w", "5", "-D", "DOCKER-USER", ...rule]);
  }
}

/** Undefined when the chain or rule is absent, or this machine has no iptables at all. */
async function iptables(args: readonly string[]): Promise<string | undefined> {
  try {
    const { exit, stdout } = await tryTool("iptables", ["-w", "5", ...args]);
    return exit === 0 ? stdout : undefined;
  } catch (error) {
    if (codeOf(error) === "tool_missing") return undefined;
    throw error;
  }
}
