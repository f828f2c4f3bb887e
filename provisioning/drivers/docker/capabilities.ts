import { stat } from "node:fs/promises";
import { release } from "node:os";
import type { Capabilities } from "#provisioning";
import type { EngineContext } from "./engine-context.ts";
import { translated } from "./engine-errors.ts";
import { knownWeaknesses } from "./known-weaknesses.ts";

interface EngineInfo {
  readonly ServerVersion: string;
  readonly SecurityOptions?: readonly string[];
  readonly CgroupVersion?: string;
  readonly CgroupDriver?: string;
  readonly Driver?: string;
  readonly CpuCfsQuota: boolean;
  readonly MemoryLimit: boolean;
  readonly PidsLimit?: boolean;
  readonly LiveRestoreEnabled?: boolean;
}

/** What of the engine its driver was told, and cannot ask it. */
export interface KnownEngine {
  readonly isOwnEngine: boolean;
  readonly socketPath: string;
  readonly network: string;
  readonly remapBase: number;
}

/** Facts and limits of this engine, found by asking it and the kernel; `hasIfb` is what the last guard found. Rejects `engine_unreachable`. */
export async function probeCapabilities(
  context: EngineContext,
  { isOwnEngine, socketPath, network, remapBase }: KnownEngine,
  hasIfb: boolean | undefined,
): Promise<Omit<Capabilities, "pools">> {
  const [info, version, hasLoop] = await Promise.all([
    translated("engine_unreachable", "the engine did not describe itself", () => context.client.info() as Promise<EngineInfo>),
    translated("engine_unreachable", "the engine did not give its version", () => context.client.version()),
    isThere("/dev/loop-control"),
  ]);
  const security = info.SecurityOptions ?? [];
  const components = Object.fromEntries((version.Components ?? []).map(({ Name, Version }) => [Name, Version]));
  const seccomp = security.some((option) => option.startsWith("name=seccomp"));
  const userNamespaces = security.some((option) => option.startsWith("name=userns"));
  const liveRestore = info.LiveRestoreEnabled ?? false;
  const facts = {
    engine: info.ServerVersion,
    api: version.ApiVersion,
    containerd: components.containerd ?? "unknown",
    runc: components.runc ?? "unknown",
    kernel: release(),
    cgroup: info.CgroupVersion ?? "1",
    seccomp,
    user_namespaces: userNamespaces,
    own_engine: isOwnEngine,
    socket: socketPath,
    network,
    first_id: remapBase,
    live_restore: liveRestore,
    loop_devices: hasLoop,
    ifb: hasIfb ?? "not tried yet",
  };
  return {
    enforces: {
      cpu: info.CpuCfsQuota,
      ram: info.MemoryLimit,
      storage: hasLoop,
      bandwidth: true,
      processes: info.PidsLimit ?? false,
      network: true,
    },
    powers: ["usage", "resize", "rewire", "packages"],
    facts,
    warnings: knownWeaknesses({
      ...{ runc: facts.runc, ownEngine: isOwnEngine, liveRestore },
      ...{ seccomp, userNamespaces, loopDevices: hasLoop, ifb: hasIfb ?? true },
    }),
  };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
