import { type AllowedTarget, type NetworkRules, ProvisioningError } from "#provisioning";
import type { EngineContainer } from "./client.ts";
import { addressSets, denySet } from "./deny-set.ts";
import { attachTo, createContainer } from "./engine-calls.ts";
import { translated, unlessAbsent } from "./engine-errors.ts";
import { engineStream } from "./engine-stream.ts";
import { guardContainer } from "./guard-container.ts";
import type { Bandwidth, GuardContext, GuardOptions } from "./guard-options.ts";
import { allowOrder, bandwidthOrder, CLOSE_ALL_ORDER, denyOrder, NO_BANDWIDTH_LIMIT_ORDER, rulesOrder } from "./guard-orders.ts";
import { type HeldShell, holdShell, type ShellAnswer } from "./held-shell.ts";
import { untilLine } from "./until-line.ts";

export type { Bandwidth, GuardContext, GuardOptions } from "./guard-options.ts";

/** The container that owns a network namespace and its rules. Nothing passes until `allow` or `applyRules`. */
export interface Guard {
  /** Container id; `container:ID` is the network of whoever joins. */
  readonly id: string;
  /** Its address on the bridge. */
  readonly address: string;
  /** Incoming traffic is shaped by an ifb device; else it is policed. */
  readonly hasIfb: boolean;
  /** Runs one order of ours in the guard. Rejects `sandbox_gone` when its shell has closed. */
  run(order: string): Promise<ShellAnswer>;
  /** All rules at once, acknowledged: `own` is closed whatever the rules say. Without a bandwidth its limits stay. Rejects `network_failed`. */
  applyRules(rules: NetworkRules, own: readonly string[], bandwidth?: Bandwidth): Promise<void>;
  allow(targets: readonly AllowedTarget[]): Promise<void>;
  /** Ranges or addresses to be closed, before whatever is allowed. */
  deny(ranges: readonly string[]): Promise<void>;
  /** Ends every permission; open connections are reset. */
  closeAll(): Promise<void>;
  /** Bit/s each way, seen from the workspace. */
  setBandwidth(bandwidth: Bandwidth): Promise<void>;
  /** Settles when the held shell has ended: the guard died, or the engine restarted. */
  readonly closed: Promise<void>;
  /** Absent is success. */
  remove(): Promise<void>;
}

/** Makes and starts a guard; resolves when its default-drop rules are in force. Rejects `network_failed`, `engine_unreachable`; leaves nothing then. */
export async function startGuard(context: GuardContext, options: GuardOptions = {}): Promise<Guard> {
  return translated("network_failed", "the guard did not start", async () => {
    const image = await context.guardImage();
    const container = await createContainer(context, guardContainer(context, image, options));
    try {
      return await begin(context, container, options);
    } catch (error) {
      await container.remove({ force: true, v: true }).catch(() => {});
      throw error;
    }
  });
}

async function begin(context: GuardContext, container: EngineContainer, options: GuardOptions): Promise<Guard> {
  const stream = engineStream(await attachTo(container), (text) => context.log.warn({ guard: container.id, text }, "guard says"));
  const ready = untilLine(stream, /^ready (ifb|noifb)$/);
  await Promise.all([container.start(), ready]);
  const guard = guardOn(container, holdShell(stream), (await ready)[1] === "ifb", await addressOf(container));
  if (options.bandwidth === "unlimited") await order(guard, NO_BANDWIDTH_LIMIT_ORDER);
  else if (options.bandwidth !== undefined) await guard.setBandwidth(options.bandwidth);
  return guard;
}

function guardOn(container: EngineContainer, shell: HeldShell, hasIfb: boolean, address: string): Guard {
  const guard: Guard = {
    id: container.id,
    address,
    hasIfb,
    run: (text) => shell.run(text),
    applyRules: (rules, own, bandwidth) => order(guard, setUpOrder(rules, own, bandwidth, hasIfb)),
    allow: (targets) => order(guard, allowOrder(targets)),
    deny: (ranges) => order(guard, denyOrder(addressSets(ranges))),
    closeAll: () => order(guard, CLOSE_ALL_ORDER),
    setBandwidth: (bandwidth) => order(guard, bandwidthOrder(bandwidth, hasIfb)),
    closed: shell.closed,
    async remove() {
      shell.close();
      await translated("network_failed", "the guard could not be removed", () => unlessAbsent(container.remove({ force: true, v: true })));
    },
  };
  return guard;
}

function setUpOrder(rules: NetworkRules, own: readonly string[], bandwidth: Bandwidth | undefined, hasIfb: boolean): string {
  const network = rulesOrder(denySet(rules.openedRanges, own), rules.allow, rules.sources);
  return bandwidth === undefined ? network : `${network}\n[ $? -eq 0 ] && ${bandwidthOrder(bandwidth, hasIfb)}`;
}

async function order(guard: Pick<Guard, "run" | "id">, text: string): Promise<void> {
  const { output, exit } = await guard.run(text);
  if (exit !== 0)
    throw new ProvisioningError("network_failed", "the guard refused a network rule", {
      detail: { guard: guard.id, output: output.slice(0, 1000), exit },
    });
}

async function addressOf(container: EngineContainer): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  const networks = Object.values(NetworkSettings.Networks ?? {});
  return networks.find((network) => network.IPAddress !== "")?.IPAddress ?? "";
}
