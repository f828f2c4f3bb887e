import type { SandboxSpec } from "#provisioning";
import { cpuLimits } from "./cpu-limits.ts";
import type { EngineContext } from "./engine-context.ts";
import type { ContainerRequest } from "./engine-policy.ts";
import { HIDDEN_PATHS } from "./hidden-paths.ts";
import { ownershipLabels } from "./labels.ts";
import { seccompOption } from "./seccomp/profiles.ts";

const MEGABYTE = 2 ** 20;

export interface MountedVolume {
  readonly target: string;
  /** Path of the device, or of a link to it, at the time of the start. */
  readonly device: string;
  /** Mount options, as in fstab. */
  readonly options: string;
}

/** Where the home is, in every workspace. */
export const HOME_TARGET = "/home/user";

/** The container that all applications run in: no capability, not root, read-only but for its home and sized temporary folders. */
export function mainContainer(
  context: EngineContext,
  spec: SandboxSpec,
  parts: {
    readonly guard: string;
    readonly uid: number;
    readonly keeper: number;
    readonly openFiles: number;
    readonly volumes: readonly MountedVolume[];
  },
): ContainerRequest {
  const { uid, keeper } = parts;
  const folders = temporaryFolders(spec.limits.ram, uid, keeper);
  const { cpu, ram, processes } = spec.limits;
  return {
    role: "main",
    options: {
      name: spec.engineName,
      Image: spec.image,
      Entrypoint: [],
      Cmd: ["/usr/bin/tini", "--", "/usr/lib/guise/main", String(uid)],
      User: `${uid}:${uid}`,
      WorkingDir: "/",
      // Of Guise's own programs, who take none that a persona's packages put into /usr/local/bin. A person's programs get theirs from `inside/main/environment`.
      Env: ["PATH=/usr/bin:/bin"],
      Labels: ownershipLabels(context, "main", spec),
      OpenStdin: true,
      // The first channel ends when we go: its server then ends too, and the container stays.
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Healthcheck: { Test: ["NONE"] },
      HostConfig: {
        NetworkMode: `container:${parts.guard}`,
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges", seccompOption(spec.seccomp)],
        ReadonlyRootfs: true,
        // Its control groups then read as "/", without the names of the installation and of the engine's parts.
        CgroupnsMode: "private",
        MaskedPaths: [...HIDDEN_PATHS],
        PidsLimit: processes,
        Memory: ram,
        MemorySwap: ram,
        ...cpuLimits(cpu),
        IpcMode: "private",
        ShmSize: folders.shared,
        // A workspace that eats memory dies before the machine's own services.
        OomScoreAdj: 500,
        LogConfig: { Type: "none", Config: {} },
        Tmpfs: folders.mounts,
        Ulimits: [
          { Name: "nofile", Soft: parts.openFiles, Hard: parts.openFiles },
          { Name: "core", Soft: 0, Hard: 0 },
        ],
        // Without a name the volume objects are made and removed with the container: two calls less each time. What can only be
        // read is so by its device and by its mount: the engine refuses its own flag for volumes without a name.
        Mounts: parts.volumes.map(({ target, device, options }) => ({
          Type: "volume",
          Source: "",
          Target: target,
          VolumeOptions: {
            NoCopy: true,
            Labels: ownershipLabels(context, "volume", spec),
            DriverConfig: { Name: "local", Options: { type: "ext4", device, o: options } },
          },
        })),
      },
    },
  };
}

/** Bytes for two small files, and nothing else: see `inside/main/identity`. */
const IDENTITY_BYTES = 256 * 1024;

/**
 * Temporary folders count as the workspace's ram: /tmp and all of /run together at most a quarter of it, /dev/shm an eighth.
 * /tmp may hold programs (installers unpack there); /run needs none. What a channel and what launches need has room of its own,
 * which no full /tmp or /run/guise takes away; being mounted, these folders can be neither removed nor replaced from inside.
 */
export function temporaryFolders(
  ram: number,
  uid: number,
  keeper: number,
): { readonly mounts: Record<string, string>; readonly shared: number } {
  const quarter = Math.floor(ram / 4);
  const share = Math.min(16 * MEGABYTE, Math.floor(quarter / 8));
  const launches = Math.floor(share / 2);
  const size = (bytes: number, rest: string) => `size=${bytes},${rest},nosuid,nodev`;
  const own = `mode=700,uid=${uid},gid=${uid},noexec`;
  return {
    mounts: {
      "/tmp": size(quarter - 2 * share - launches - IDENTITY_BYTES, "mode=1777,exec"),
      "/run": size(share, "mode=755,noexec"),
      "/run/guise": size(share, own),
      "/run/guise/launches": size(launches, own),
      // Open to the workspace for its start alone: see `keepIdentity`.
      "/run/identity": size(IDENTITY_BYTES, `mode=1777,uid=${keeper},gid=${keeper},noexec`),
    },
    shared: Math.max(MEGABYTE, Math.min(256 * MEGABYTE, Math.floor(ram / 8))),
  };
}
