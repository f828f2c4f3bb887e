import { access } from "node:fs/promises";
import { type ContainerRequest, LOOPBACK_6 } from "./engine-policy.ts";
import type { GuardContext, GuardOptions } from "./guard-options.ts";
import { ownershipLabels } from "./labels.ts";

/** Of this machine, whose kernel the engine's containers have. */
const HAS_IPV6 = await access("/proc/sys/net/ipv6").then(
  () => true,
  () => false,
);
const GUARD_RAM = 64 * 2 ** 20;

/** A guard as the engine makes it: NET_ADMIN and nothing else, read-only, never restarted, under a random name. */
export function guardContainer(context: GuardContext, image: string, options: GuardOptions): ContainerRequest {
  const role = options.role ?? "guard";
  return {
    role,
    options: {
      name: context.ids.next("g"),
      Image: image,
      Entrypoint: [],
      Cmd: ["tini", "--", "/usr/lib/guise/guard"],
      User: "0:0",
      WorkingDir: "/",
      // The pair shares the host name; one for all, so that a pooled guard fits everybody.
      Hostname: "guise",
      Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
      Labels: ownershipLabels(context, role),
      OpenStdin: true,
      StdinOnce: false,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Healthcheck: { Test: ["NONE"] },
      HostConfig: {
        NetworkMode: context.network,
        CapDrop: ["ALL"],
        CapAdd: ["NET_ADMIN"],
        ReadonlyRootfs: true,
        SecurityOpt: ["no-new-privileges"],
        PidsLimit: 32,
        Memory: GUARD_RAM,
        MemorySwap: GUARD_RAM,
        IpcMode: "private",
        Tmpfs: { "/run": "size=1m,nosuid,nodev" },
        ExtraHosts: [...(options.hosts ?? [])],
        // No name resolves inside unless somebody opens a resolver; without this the host's own list would be copied in.
        Dns: ["127.0.0.1"],
        LogConfig: { Type: "none", Config: {} },
        Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
        ...(role === "guard" && HAS_IPV6 ? { Sysctls: LOOPBACK_6 } : {}),
      },
    },
  };
}
