import { createNetwork } from "../engine-calls.ts";
import type { EngineContext } from "../engine-context.ts";
import { statusOf, unlessAbsent } from "../engine-errors.ts";
import { LABELS, NETWORK_ROLE } from "../labels.ts";
import { EngineError } from "./engine-errors.ts";
import type { Subnet } from "./free-subnet.ts";

type NetworkContext = Pick<EngineContext, "client" | "installation">;

export interface NetworkPlan {
  /** Of the network and of its device: at most 15 bytes. */
  readonly name: string;
  /** Bytes of a packet on the way out, where known. */
  readonly mtu: number | undefined;
  /** Asked only where the network is not there. */
  subnet(): Promise<Subnet>;
}

/**
 * The network of an installation on a foreign engine: a bridge of our own, made through the engine's API, so that the engine's
 * rules for it are the engine's to write. Gives its range; an engine that lost it (`docker network prune`) gets it anew.
 */
export async function ensureForeignNetwork(context: NetworkContext, plan: NetworkPlan): Promise<Subnet> {
  const there = await findNetwork(context, plan.name);
  if (there !== undefined) return there;
  const { subnet, gateway } = await plan.subnet();
  try {
    await createNetwork(context, {
      Name: plan.name,
      Driver: "bridge",
      CheckDuplicate: true,
      EnableIPv6: false,
      IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: gateway }] },
      Labels: { [LABELS.installation]: context.installation, [LABELS.role]: NETWORK_ROLE },
      Options: {
        "com.docker.network.bridge.name": plan.name,
        "com.docker.network.bridge.enable_icc": "false",
        ...(plan.mtu === undefined ? {} : { "com.docker.network.driver.mtu": String(plan.mtu) }),
      },
    });
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError("foreign_unsuited", `The engine does not make the network ${plan.name}: ${why}. Look at: docker network ls`, {
      cause: error,
    });
  }
  return { subnet, gateway };
}

/** All networks of the installation; who is still on one has been removed before. Absent is success. */
export async function removeForeignNetworks({ client, installation }: NetworkContext): Promise<void> {
  const networks = await client.listNetworks({ filters: { label: [`${LABELS.installation}=${installation}`] } });
  for (const { Id } of networks) await unlessAbsent(client.getNetwork(Id).remove());
}

async function findNetwork({ client, installation }: NetworkContext, name: string): Promise<Subnet | undefined> {
  const networks = await client.listNetworks({ filters: { label: [`${LABELS.installation}=${installation}`] } });
  const { Subnet: subnet, Gateway: gateway } = networks.find(({ Name }) => Name === name)?.IPAM?.Config?.[0] ?? {};
  return subnet === undefined || gateway === undefined ? undefined : { subnet, gateway };
}
