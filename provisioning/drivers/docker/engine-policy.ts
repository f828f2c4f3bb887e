import type Docker from "dockerode";
import { ProvisioningError } from "#provisioning";
import { HIDDEN_PATHS } from "./hidden-paths.ts";
import { LABELS, NETWORK_ROLE, type ObjectRole } from "./labels.ts";
import { seccompOption } from "./seccomp/profiles.ts";

/** Roles that are containers. */
export type ContainerRole = Exclude<ObjectRole, "volume">;

/** What a container may have, by role. Whatever is not here is refused, whoever asks. */
const ALLOWANCES: Readonly<
  Record<
    ContainerRole,
    { capabilities: readonly string[]; root: boolean; writableRoot: boolean; joins: boolean; mounts: boolean; seesMachine: boolean }
  >
> = {
  guard: { capabilities: ["NET_ADMIN"], root: true, writableRoot: false, joins: false, mounts: false, seesMachine: true },
  "build-guard": { capabilities: ["NET_ADMIN"], root: true, writableRoot: false, joins: false, mounts: false, seesMachine: true },
  main: { capabilities: [], root: false, writableRoot: false, joins: true, mounts: true, seesMachine: false },
  build: {
    capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"],
    root: true,
    writableRoot: true,
    joins: true,
    mounts: false,
    seesMachine: false,
  },
};

/** Everything else of the engine's host configuration (privileged, devices, host namespaces, binds, …) has no use here and is refused unseen. */
const HOST_SETTINGS = new Set([
  "NetworkMode",
  "CapDrop",
  "CapAdd",
  "ReadonlyRootfs",
  "CgroupnsMode",
  "MaskedPaths",
  "SecurityOpt",
  "PidsLimit",
  "Memory",
  "MemorySwap",
  "NanoCpus",
  "CpuShares",
  "Tmpfs",
  "ExtraHosts",
  "Dns",
  "LogConfig",
  "Ulimits",
  "ShmSize",
  "IpcMode",
  "OomScoreAdj",
  "Mounts",
  "Sysctls",
]);
/** The one setting of the kernel's that a guard has: programs inside may talk to each other over ::1. The engine leaves all of IPv6 off. */
export const LOOPBACK_6 = { "net.ipv6.conf.lo.disable_ipv6": "0" } as const;
const CREATE_SETTINGS = new Set([
  "name",
  "Image",
  "Cmd",
  "Entrypoint",
  "User",
  "WorkingDir",
  "Env",
  "Labels",
  "Hostname",
  "OpenStdin",
  "StdinOnce",
  "AttachStdin",
  "AttachStdout",
  "AttachStderr",
  "Tty",
  "Healthcheck",
  "StopSignal",
  "HostConfig",
]);
/** The profiles that main containers run under; the engine's own is good for builds and guards. */
const SECCOMP_OPTIONS: readonly string[] = [seccompOption("strict"), seccompOption("browser")];
const NETWORK_SETTINGS = new Set(["Name", "Driver", "CheckDuplicate", "EnableIPv6", "IPAM", "Labels", "Options"]);
const MOUNT_SETTINGS = new Set(["Type", "Source", "Target", "ReadOnly", "VolumeOptions"]);

/** With what the client's types leave out. */
type HostConfig = Docker.HostConfig & { readonly CgroupnsMode?: string };

export interface ContainerRequest {
  readonly role: ContainerRole;
  readonly options: Omit<Docker.ContainerCreateOptions, "HostConfig"> & { readonly HostConfig?: HostConfig };
}

export interface ExecRequest {
  readonly role: ContainerRole;
  /** Absolute command first. */
  readonly command: readonly string[];
  /** `uid:gid`, numbers. */
  readonly user: string;
  readonly variables?: readonly string[];
}

/** Throws `refused_by_policy` unless the container keeps every rule of its role. Only devices below `devices` may be mounted, and only by a main container. */
export function checkContainer(installation: string, { role, options }: ContainerRequest, devices?: string): void {
  const allowed = ALLOWANCES[role];
  const host = options.HostConfig ?? {};
  refuseUnknown("setting", options, CREATE_SETTINGS);
  refuseUnknown("host setting", host, HOST_SETTINGS);
  checkLabels(installation, role, options.Labels);
  const capabilities: string[] = host.CapAdd ?? [];
  refuseIf(host.CapDrop?.length !== 1 || host.CapDrop[0] !== "ALL", "capabilities are not dropped");
  for (const capability of capabilities) refuseIf(!allowed.capabilities.includes(capability), `capability ${capability}`);
  const filters = role === "main" ? SECCOMP_OPTIONS : [];
  for (const option of host.SecurityOpt ?? [])
    refuseIf(option !== "no-new-privileges" && !filters.includes(option), `security option ${option.slice(0, 40)}`);
  const chosen: readonly string[] = host.SecurityOpt ?? [];
  refuseIf(role === "main" && !chosen.some((option) => filters.includes(option)), "a main container without our own seccomp profile");
  const settings = Object.entries(host.Sysctls ?? {});
  const isLoopback6 = ([name, value]: [string, string]) =>
    Object.entries(LOOPBACK_6).some(([known, only]) => name === known && value === only);
  refuseIf(settings.length > 0 && (role !== "guard" || !settings.every(isLoopback6)), "settings of the kernel");
  refuseIf(!isPositive(host.Memory) || host.MemorySwap !== host.Memory, "a container without a limit of memory");
  refuseIf(!isPositive(host.PidsLimit), "a container without a limit of processes");
  refuseIf((host.OomScoreAdj ?? 0) < 0, "a container that is spared when memory is short");
  for (const [place, options] of Object.entries(host.Tmpfs ?? {}))
    for (const flag of ["nosuid", "nodev"]) refuseIf(!options.split(",").includes(flag), `a temporary folder ${place} without ${flag}`);
  refuseIf(!(host.SecurityOpt ?? []).includes("no-new-privileges"), "new privileges are possible");
  refuseIf(!allowed.writableRoot && host.ReadonlyRootfs !== true, "a writable root");
  refuseIf(!/^\d+:\d+$/.test(options.User ?? ""), "a user that is not uid:gid");
  if (!allowed.seesMachine) checkHidden(host);
  refuseIf(!allowed.root && /^0+:|:0+$/.test(options.User ?? ""), "root");
  checkNamespaces(allowed.joins, host);
  for (const mount of host.Mounts ?? []) checkMount(installation, mount, allowed.mounts ? devices : undefined);
}

/** Throws `refused_by_policy` unless the network is a bridge of ours whose containers do not reach each other. */
export function checkNetwork(installation: string, options: Docker.NetworkCreateOptions): void {
  refuseUnknown("network setting", options, NETWORK_SETTINGS);
  refuseIf(options.Driver !== "bridge", "a network that is not a bridge");
  refuseIf(options.EnableIPv6 !== false, "a network with IPv6");
  refuseIf(options.Options?.["com.docker.network.bridge.enable_icc"] !== "false", "a network whose containers reach each other");
  const { [LABELS.installation]: owner, [LABELS.role]: role } = options.Labels ?? {};
  refuseIf(owner !== installation || role !== NETWORK_ROLE, "an object without our label");
}

/** Throws `refused_by_policy` unless the exec names a numeric user and an absolute command. Its working folder is always `/` (runc CVE-2024-21626). */
export function checkExec(request: ExecRequest): void {
  refuseIf(!/^\d+:\d+$/.test(request.user), "an exec without a numeric user");
  refuseIf(!ALLOWANCES[request.role].root && /^0+:|:0+$/.test(request.user), "an exec as root");
  refuseIf(!(request.command[0] ?? "").startsWith("/"), "an exec of a command that is not absolute");
}

function checkLabels(installation: string, role: ObjectRole, labels: Readonly<Record<string, string>> | undefined): void {
  refuseIf(labels?.[LABELS.installation] !== installation || labels[LABELS.role] !== role, "an object without our label");
}

function checkNamespaces(joins: boolean, host: Docker.HostConfig): void {
  const network = host.NetworkMode ?? "";
  const joined = /^container:[0-9a-f]{64}$/.test(network);
  refuseIf(joins && !joined, "a network other than a guard's");
  refuseIf(!joins && !/^[a-z0-9][a-z0-9_.-]*$/.test(network), "no network named");
  refuseIf(network === "host", "the host's network");
  refuseIf(host.IpcMode !== undefined && host.IpcMode !== "private" && host.IpcMode !== "none", "a shared IPC namespace");
}

/** A list of hidden paths takes the place of the engine's own: one that is shorter than ours shows what nobody inside may see. */
function checkHidden({ MaskedPaths, CgroupnsMode }: HostConfig): void {
  for (const path of HIDDEN_PATHS) refuseIf(MaskedPaths?.includes(path) !== true, `a container that sees ${path}`);
  refuseIf(CgroupnsMode !== "private", "a container that sees the machine's control groups");
}

/** A volume is made with the container, is nobody else's, and is ext4 on a device of ours. */
function checkMount(installation: string, mount: Docker.MountSettings, devices: string | undefined): void {
  refuseUnknown("mount setting", mount, MOUNT_SETTINGS);
  refuseIf(mount.Type !== "volume", `a mount of type ${mount.Type}`);
  refuseIf((mount.Source ?? "") !== "", "a mount of something that has a name");
  const { Labels, DriverConfig, NoCopy } = mount.VolumeOptions ?? {};
  checkLabels(installation, "volume", Labels);
  refuseIf(DriverConfig?.Name !== "local" || NoCopy !== true, "a volume that is more than a device");
  const options = DriverConfig?.Options ?? {};
  refuseUnknown("volume option", options, new Set(["type", "device", "o"]));
  const { type, device = "", o = "" } = options;
  refuseIf(type !== "ext4", "a volume that is not ext4");
  refuseIf(devices === undefined || !device.startsWith(`${devices}/`) || device.includes(".."), "a device that is not ours");
  for (const flag of ["nosuid", "nodev"]) refuseIf(!o.split(",").includes(flag), `a volume without ${flag}`);
  for (const flag of ["suid", "dev"]) refuseIf(o.split(",").includes(flag), `a volume with ${flag}`);
}

const isPositive = (value: number | null | undefined): boolean => typeof value === "number" && value > 0;

function refuseUnknown(kind: string, value: object, known: ReadonlySet<string>): void {
  for (const [name, setting] of Object.entries(value)) refuseIf(setting !== undefined && !known.has(name), `${kind} ${name}`);
}

function refuseIf(condition: boolean, what: string): void {
  if (condition) throw new ProvisioningError("refused_by_policy", `the driver refuses ${what}`);
}
