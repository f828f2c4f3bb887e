import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countedIds, silentLog } from "#foundation";
import { createEngineClient } from "./client.ts";
import type { EngineContext } from "./engine-context.ts";
import { type ContainerRequest, checkContainer, checkExec, checkNetwork } from "./engine-policy.ts";
import { guardContainer } from "./guard-container.ts";
import { HIDDEN_PATHS } from "./hidden-paths.ts";
import { ownershipLabels } from "./labels.ts";
import { mainContainer } from "./main-container.ts";

const context: EngineContext = {
  client: createEngineClient("/nowhere"),
  installation: "here",
  run: "run-1",
  ids: countedIds(),
  log: silentLog,
};
const GUARD = "a".repeat(64);
const DEVICES = "/home/devices";
const main = (): ContainerRequest =>
  mainContainer(
    context,
    {
      workspace: "w-1",
      generation: 1,
      home: "h-1",
      engineName: "s-1",
      node: "node-1",
      image: "sha256:0",
      limits: { cpu: 1000, ram: 2 ** 30, processes: 100 },
      bandwidth: { ingress: 1e6, egress: 1e6 },
      storage: 2 ** 30,
      network: { allow: [], openedRanges: [] },
      seccomp: "strict",
      volumes: [],
    },
    {
      guard: GUARD,
      uid: 20_001,
      keeper: 20_000,
      openFiles: 65_536,
      volumes: [{ target: "/home/user", device: `${DEVICES}/w-1.1.0`, options: "nosuid,nodev" }],
    },
  );
const guard = (): ContainerRequest => guardContainer({ ...context, guardImage: async () => "guard", network: "bridge" }, "guard", {});
const refused = expect.objectContaining({ code: "refused_by_policy" });

/** The same request with something else in its host configuration. */
function withHost(request: ContainerRequest, host: object): ContainerRequest {
  return { ...request, options: { ...request.options, HostConfig: { ...request.options.HostConfig, ...host } } };
}

describe("containers", () => {
  test("our own guard and main container pass", () => {
    checkContainer("here", main(), DEVICES);
    checkContainer("here", guard());
  });

  test.each<[string, object]>([
    ["privileged", { Privileged: true }],
    ["the host's processes", { PidMode: "host" }],
    ["the host's network", { NetworkMode: "host" }],
    ["a network beside its guard", { NetworkMode: "bridge" }],
    ["another container by name", { NetworkMode: "container:somebody" }],
    ["the host's users", { UsernsMode: "host" }],
    ["a shared IPC namespace", { IpcMode: "host" }],
    ["a path of the host", { Binds: ["/:/host"] }],
    ["a bind mount", { Mounts: [{ Type: "bind", Source: "/etc", Target: "/x" }] }],
    ["a path as a volume", { Mounts: [{ Type: "volume", Source: "/etc", Target: "/x" }] }],
    ["a device", { Devices: [{ PathOnHost: "/dev/kvm" }] }],
    ["a capability", { CapAdd: ["NET_ADMIN"] }],
    ["kept capabilities", { CapDrop: [] }],
    ["no profile", { SecurityOpt: ["no-new-privileges"] }],
    ["a profile that lets everything through", { SecurityOpt: ["no-new-privileges", 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] }],
    ["no limit of memory", { Memory: 0, MemorySwap: 0 }],
    ["swap beside its memory", { MemorySwap: -1 }],
    ["no limit of processes", { PidsLimit: 0 }],
    ["memory that it is spared", { OomScoreAdj: -1000 }],
    ["temporary folders with setuid", { Tmpfs: { "/tmp": "size=1m,nodev" } }],
    ["no seccomp", { SecurityOpt: ["no-new-privileges", "seccomp=unconfined"] }],
    ["no AppArmor", { SecurityOpt: ["no-new-privileges", "apparmor=unconfined"] }],
    ["new privileges", { SecurityOpt: [] }],
    ["a writable root", { ReadonlyRootfs: false }],
    ["the machine's control groups", { CgroupnsMode: "host" }],
    ["what the engine would show", { MaskedPaths: undefined }],
    ["one place of the kernel's shown", { MaskedPaths: HIDDEN_PATHS.filter((path) => path !== "/sys/devices/virtual/block") }],
    ["a restart policy", { RestartPolicy: { Name: "always" } }],
    ["a published port", { PortBindings: { "80/tcp": [{ HostPort: "80" }] } }],
    ["kernel settings", { Sysctls: { "net.ipv4.ip_forward": "1" } }],
  ])("a main container with %s is refused", (_, host) =>
    expect(() => checkContainer("here", withHost(main(), host), DEVICES)).toThrow(refused),
  );

  test("a guard has IPv6 on its loopback, and no other setting of the kernel's", () => {
    const guarded = (Sysctls: Record<string, string>) => () => checkContainer("here", withHost(guard(), { Sysctls }));
    expect(guarded({ "net.ipv6.conf.lo.disable_ipv6": "0" })).not.toThrow();
    for (const settings of [
      { "net.ipv6.conf.all.disable_ipv6": "0" },
      { "net.ipv6.conf.lo.disable_ipv6": "1" },
      { "net.ipv6.conf.lo.disable_ipv6": "0", "net.ipv4.ip_forward": "1" },
    ] as Record<string, string>[])
      expect(guarded(settings)).toThrow(refused);
    expect(() => checkContainer("here", withHost(main(), { Sysctls: { "net.ipv6.conf.lo.disable_ipv6": "0" } }), DEVICES)).toThrow(refused);
  });

  test.each(["0:0", "0:1000", "1000:0", "root", "", "user"])("a main container as %j is refused", (user) => {
    const request = main();
    expect(() => checkContainer("here", { ...request, options: { ...request.options, User: user } }, DEVICES)).toThrow(refused);
  });

  test("a guard gets NET_ADMIN and no more", () => {
    expect(() => checkContainer("here", withHost(guard(), { CapAdd: ["NET_ADMIN", "SYS_ADMIN"] }))).toThrow(refused);
  });

  test("what bears another installation's label, another role or none is refused", () => {
    const request = main();
    for (const Labels of [{}, ownershipLabels({ installation: "there", run: "r" }, "main"), ownershipLabels(context, "guard")])
      expect(() => checkContainer("here", { ...request, options: { ...request.options, Labels } }, DEVICES)).toThrow(refused);
  });

  test("volumes in the image's own way are refused: a commit would hand them on", () => {
    const request = main();
    expect(() => checkContainer("here", { ...request, options: { ...request.options, Volumes: { "/x": {} } } }, DEVICES)).toThrow(refused);
  });
});

test.each([
  { role: "main", command: ["sh"], user: "20001:20001" },
  { role: "main", command: [], user: "20001:20001" },
  { role: "main", command: ["/bin/sh"], user: "user" },
  { role: "main", command: ["/bin/sh"], user: "0:0" },
  { role: "guard", command: ["/bin/sh"], user: "" },
] as const)("the exec $command as $user in a $role is refused", (request) => expect(() => checkExec(request)).toThrow(refused));

describe("volumes", () => {
  const options = { type: "ext4", device: `${DEVICES}/w-1.1.0`, o: "nosuid,nodev" };
  const labels = ownershipLabels(context, "volume");
  const mount = (over: object, volume: object = {}, device: object = {}) => ({
    Mounts: [
      {
        ...{ Type: "volume", Target: "/x" },
        VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: "local", Options: { ...options, ...device } }, ...volume },
        ...over,
      },
    ],
  });

  test("one that is ext4 on a device of ours passes, for a main container alone", () => {
    checkContainer("here", withHost(main(), mount({})), DEVICES);
    expect(() => checkContainer("here", withHost(main(), mount({})))).toThrow(refused);
    expect(() => checkContainer("here", withHost(guard(), mount({})), DEVICES)).toThrow(refused);
  });

  test.each<[string, object]>([
    ["a path as its source", mount({ Source: "/etc" })],
    ["a name, so that it could be somebody else's", mount({ Source: "v-1" })],
    ["no options", mount({ VolumeOptions: undefined })],
    ["another installation's label", mount({}, { Labels: ownershipLabels({ installation: "there", run: "r" }, "volume") })],
    ["another driver", mount({}, { DriverConfig: { Name: "nfs", Options: options } })],
    ["the image's files copied into it", mount({}, { NoCopy: false })],
    ["a device of the host", mount({}, {}, { device: "/dev/sda" })],
    ["a device outside by a detour", mount({}, {}, { device: `${DEVICES}/../x` })],
    ["setuid", mount({}, {}, { o: "nodev" })],
    ["devices", mount({}, {}, { o: "nosuid" })],
    ["setuid after all", mount({}, {}, { o: "nosuid,nodev,suid" })],
    ["a bind by the way", mount({}, {}, { type: "none" })],
    ["an option that nobody knows", mount({}, {}, { x: "y" })],
  ])("a volume with %s is refused", (_, host) => expect(() => checkContainer("here", withHost(main(), host), DEVICES)).toThrow(refused));
});

describe("networks", () => {
  const network = {
    ...{ Name: "guise-x", Driver: "bridge", EnableIPv6: false },
    Labels: { "guise.installation": "here", "guise.role": "network" },
    Options: { "com.docker.network.bridge.enable_icc": "false" },
  };

  test("a bridge of ours whose containers do not reach each other passes", () => checkNetwork("here", network));

  test.each([
    ["somebody else's label", { Labels: { ...network.Labels, "guise.installation": "there" } }],
    ["no label", { Labels: {} }],
    ["another driver", { Driver: "macvlan" }],
    ["IPv6", { EnableIPv6: true }],
    ["containers that reach each other", { Options: {} }],
    ["a setting that nobody knows", { Attachable: true }],
  ])("one with %s is refused", (_, over) => expect(() => checkNetwork("here", { ...network, ...over })).toThrow(refused));
});

test("nothing else in this folder creates containers, execs, networks or volumes, or touches a container's archive", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.ts$/.test(file) && !/\.(test|fixture)\.ts$/.test(file),
  );
  const callers = sources.filter((file) =>
    /\.createContainer\(|\.createVolume\(|\.exec\(\{|Archive\(|\.createNetwork\(/.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(callers).toEqual(["engine-calls.ts"]);
});
