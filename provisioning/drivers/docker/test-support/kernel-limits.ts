import type { Handle } from "#provisioning";
import { runTool } from "../engine/run-tool.ts";
import { readHandle } from "../sandbox-handle.ts";
import type { DockerWorld } from "./engine-world.ts";

interface Qdisc {
  readonly kind: string;
  readonly dev: string;
  /** Bytes per second. */
  readonly options: { readonly rate?: number };
}

/** What the kernel holds a sandbox's traffic to, in bit/s: asked of it, so that a busy machine answers the same. */
export async function bandwidthLimits(
  { client }: DockerWorld,
  handle: Handle,
): Promise<{ readonly ingress: number; readonly egress: number }> {
  const { State } = await client.getContainer(readHandle(handle).guard).inspect();
  const shown = await runTool("nsenter", [`--net=/proc/${State.Pid}/ns/net`, "tc", "-j", "qdisc", "show"]);
  const rateOf = (device: string) =>
    ((JSON.parse(shown) as readonly Qdisc[]).find(({ kind, dev }) => kind === "tbf" && dev === device)?.options.rate ?? Number.NaN) * 8;
  return { ingress: rateOf("ifb0"), egress: rateOf("eth0") };
}
