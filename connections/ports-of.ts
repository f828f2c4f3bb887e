import { listeningPorts } from "#provisioning";
import type { OpenChannel } from "./shared-channels.ts";

/** Ports that programs inside listen on. Rejects as the channel. */
export async function portsOf(openChannel: OpenChannel): Promise<readonly number[]> {
  const lease = await openChannel();
  try {
    return await listeningPorts(lease.channel);
  } finally {
    lease.release();
  }
}
