import type { EngineCall } from "./request-reader.ts";

/*
 * What no call to the engine may be, written down once more beside the driver's own policy, and looked at from outside: on the
 * calls that really went over the socket.
 */

/** Calls that are known to be harmless by their form alone; every other one is looked into, or is a fault. */
const PLAIN = [
  /^GET \//,
  /^HEAD \/_ping$/,
  /^POST \/containers\/[^/]+\/(start|attach|wait|kill|stop)$/,
  /^POST \/exec\/[^/]+\/(start|resize)$/,
  /^POST \/images\/create$/,
  /^POST \/images\/.+\/tag$/,
  /^DELETE \/(containers|images|volumes)\/.+$/,
];
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  guard: ["NET_ADMIN"],
  "build-guard": ["NET_ADMIN"],
  main: [],
  build: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"],
};
const UPDATABLE = new Set(["Memory", "MemorySwap", "NanoCpus", "CpuShares"]);
const SEEN_BY_NOBODY = ["/proc/cmdline", "/proc/kcore", "/proc/keys", "/sys/firmware", "/sys/block", "/sys/devices/virtual/block"];
const UNUSED_HOST_SETTINGS = [
  "Privileged",
  "Binds",
  "Devices",
  "DeviceRequests",
  "DeviceCgroupRules",
  "VolumesFrom",
  "PidMode",
  "UTSMode",
  "UsernsMode",
  "PortBindings",
  "PublishAllPorts",
  "Runtime",
  "CgroupParent",
  "RestartPolicy",
  "Links",
] as const;

export interface CallRules {
  readonly installation: string;
  /** The only folder whose devices are mounted. */
  readonly devices: string;
  /** Texts that appear in no call. */
  readonly secrets: readonly string[];
}

interface Loose {
  readonly [name: string]: Loose;
}

/** What is wrong with a call, each with the words that it was found by; empty when nothing is. */
export function faultsOf(call: EngineCall, rules: CallRules): string[] {
  const text = JSON.stringify(call);
  const secrets = rules.secrets.filter((secret) => text.includes(secret)).map(() => "a secret is in it");
  return [...secrets, ...faultsOfKind(call, rules)];
}

function faultsOfKind(call: EngineCall, rules: CallRules): string[] {
  const line = `${call.method} ${call.path}`;
  if (/\/archive$/.test(call.path)) return ["files go by /archive"];
  if (call.body === "unread") return ["its body could not be read"];
  const body = (call.body ?? {}) as Loose;
  if (/^POST \/containers\/create$/.test(line)) return faultsOfCreate(body, rules);
  if (/^POST \/containers\/[^/]+\/exec$/.test(line)) return faultsOfExec(body);
  if (/^POST \/containers\/[^/]+\/update$/.test(line))
    return names(body).flatMap((name) => (UPDATABLE.has(name) ? [] : [`it changes ${name}`]));
  if (/^POST \/commit$/.test(line)) return faultsOfCommit(body, rules);
  return PLAIN.some((plain) => plain.test(line)) ? [] : ["nobody knows what it is for"];
}

function faultsOfExec(body: Loose): string[] {
  return faults({
    "its folder is not /": text(body.WorkingDir) !== "/",
    "its user is not numeric": !/^\d+:\d+$/.test(text(body.User)),
    "its command is not absolute": !text(list(body.Cmd)[0]).startsWith("/"),
    "it is privileged": isSet(body.Privileged),
    "it has variables other than PATH": list(body.Env).some((variable) => !text(variable).startsWith("PATH=")),
  });
}

function faultsOfCreate(body: Loose, rules: CallRules): string[] {
  const host = body.HostConfig ?? {};
  const role = text(body.Labels?.["guise.role"]);
  const allowed = CAPABILITIES[role];
  const security = list(host.SecurityOpt).map(text);
  const seccomp = security.filter((option) => option.startsWith("seccomp=")).map((option) => option.slice("seccomp=".length));
  const network = text(host.NetworkMode);
  return [
    ...faults({
      "it is not labeled as ours": text(body.Labels?.["guise.installation"]) !== rules.installation || allowed === undefined,
      "it keeps capabilities": list(host.CapDrop).map(text).join() !== "ALL",
      "it has a capability that its role has not": list(host.CapAdd).some((name) => !allowed?.includes(text(name))),
      "new privileges are possible": !security.includes("no-new-privileges"),
      "a security option is neither of these two": security.some(
        (option) => option !== "no-new-privileges" && !option.startsWith("seccomp="),
      ),
      "it is unconfined": seccomp.some((profile) => !refusesByDefault(profile)),
      "a main container has no profile of ours": role === "main" && seccomp.length !== 1,
      "its user is not numeric": !/^\d+:\d+$/.test(text(body.User)),
      "a main container is root": role === "main" && /^0+:|:0+$/.test(text(body.User)),
      "its root can be written to": role !== "build" && text(host.ReadonlyRootfs) !== "true",
      "its network is neither ours nor a guard's": !(role.endsWith("guard")
        ? network === "bridge"
        : /^container:[0-9a-f]{64}$/.test(network)),
      "its IPC is shared": text(host.IpcMode) !== "private",
      "it has no limit of memory or processes": !(
        number(host.Memory) > 0 &&
        number(host.MemorySwap) === number(host.Memory) &&
        number(host.PidsLimit) > 0
      ),
      "it sees the machine's control groups": !role.endsWith("guard") && text(host.CgroupnsMode) !== "private",
      "it sees the machine's disks, its kernel's memory or how it was started":
        !role.endsWith("guard") && !SEEN_BY_NOBODY.every((path) => list(host.MaskedPaths).map(text).includes(path)),
      "it sets something of the kernel's but IPv6 of a guard's loopback": isSet(host.Sysctls) && !isLoopback6(role, host.Sysctls),
      "it logs": text(host.LogConfig?.Type) !== "none",
      "its folder is not /": text(body.WorkingDir) !== "/",
      "it names volumes of its own": isSet(body.Volumes) || isSet(body.ExposedPorts),
      "it has variables other than PATH": list(body.Env).some((variable) => !text(variable).startsWith("PATH=")),
    }),
    ...UNUSED_HOST_SETTINGS.filter((name) => isSet(host[name])).map((name) => `it sets ${name}`),
    ...list(host.Mounts).flatMap((mount) => faultsOfMount(mount, role, rules)),
  ];
}

function isLoopback6(role: string, settings: Loose | undefined): boolean {
  return role === "guard" && names(settings).join() === "net.ipv6.conf.lo.disable_ipv6" && text(Object.values(settings ?? {})[0]) === "0";
}

function faultsOfMount(mount: Loose, role: string, { devices, installation }: CallRules): string[] {
  const { DriverConfig, Labels } = mount.VolumeOptions ?? {};
  const options = text(DriverConfig?.Options?.o).split(",");
  const device = text(DriverConfig?.Options?.device);
  return faults({
    "something is mounted that is no main container's": role !== "main",
    "a mount is no volume without a name": text(mount.Type) !== "volume" || text(mount.Source) !== "",
    "a volume is no device of ours":
      text(DriverConfig?.Options?.type) !== "ext4" || !device.startsWith(`${devices}/`) || device.includes(".."),
    "a volume may have setuid programs or devices": !options.includes("nosuid") || !options.includes("nodev"),
    "a volume is not labeled as ours": text(Labels?.["guise.installation"]) !== installation,
  });
}

function faultsOfCommit(body: Loose, { installation }: CallRules): string[] {
  return faults({
    "an image is not labeled as ours": text(body.Labels?.["guise.installation"]) !== installation,
    "an image brings volumes": isSet(body.Volumes),
  });
}

/** A profile refuses what it does not name. */
function refusesByDefault(profile: string): boolean {
  try {
    return (JSON.parse(profile) as { defaultAction?: string }).defaultAction === "SCMP_ACT_ERRNO";
  } catch {
    return false;
  }
}

const faults = (found: Readonly<Record<string, boolean>>): string[] => Object.keys(found).filter((what) => found[what] === true);
const names = (value: unknown): string[] => (typeof value === "object" && value !== null ? Object.keys(value) : []);
const list = (value: unknown): Loose[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const number = (value: unknown): number => Number(value ?? 0);
/** Empty lists and objects, false and "" are the same as nothing. */
const isSet = (value: unknown): boolean => (typeof value === "object" ? names(value).length > 0 : Boolean(value));

/** How many calls there were of each kind, ids left out. */
export function kindsOf(calls: readonly EngineCall[]): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const { method, path } of calls) {
    const kind = `${method} ${path.replace(/^\/(containers|exec|volumes)\/(?!create$|json$|prune$)[^/]+/, "/$1/…").replace(/^\/images\/(?!create$|json$).+?(\/(json|tag|history))?$/, "/images/…$1")}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return new Map([...kinds].sort(([, one], [, other]) => other - one));
}
