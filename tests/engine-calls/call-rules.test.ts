import { describe, expect, test } from "vitest";
import { faultsOf, kindsOf } from "./call-rules.ts";
import type { EngineCall } from "./request-reader.ts";

const RULES = { installation: "guise-1", devices: "/var/lib/guise/sandboxes", secrets: ["s3cret-token"] } as const;
const labels = (role: string) => ({ "guise.installation": "guise-1", "guise.role": role });
const call = (method: string, path: string, body?: unknown, query = ""): EngineCall => ({ method, path, query, body });
const exec = (over: object = {}) =>
  call("POST", "/containers/abc/exec", { Cmd: ["/bin/true"], User: "20001:20001", WorkingDir: "/", Env: [], ...over });

const VOLUME = {
  Type: "volume",
  Source: "",
  Target: "/home/user",
  VolumeOptions: {
    NoCopy: true,
    Labels: labels("volume"),
    DriverConfig: { Name: "local", Options: { type: "ext4", device: "/var/lib/guise/sandboxes/devices/h", o: "nosuid,nodev" } },
  },
};
const HOST = {
  NetworkMode: `container:${"a".repeat(64)}`,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges", 'seccomp={"defaultAction":"SCMP_ACT_ERRNO"}'],
  ReadonlyRootfs: true,
  PidsLimit: 100,
  Memory: 2 ** 28,
  MemorySwap: 2 ** 28,
  IpcMode: "private",
  CgroupnsMode: "private",
  MaskedPaths: ["/proc/cmdline", "/proc/kcore", "/proc/keys", "/sys/firmware", "/sys/block", "/sys/devices/virtual/block"],
  LogConfig: { Type: "none", Config: {} },
  Mounts: [VOLUME],
};
const create = (host: object = {}, over: object = {}) =>
  call("POST", "/containers/create", {
    User: "20001:20001",
    WorkingDir: "/",
    Env: ["PATH=/bin"],
    Labels: labels("main"),
    HostConfig: { ...HOST, ...host },
    ...over,
  });
const mounted = (options: object) => ({
  Mounts: [{ ...VOLUME, VolumeOptions: { ...VOLUME.VolumeOptions, DriverConfig: { Name: "local", Options: options } } }],
});

test("what the driver does is no fault", () => {
  for (const good of [
    exec(),
    create(),
    create(
      { NetworkMode: "bridge", CapAdd: ["NET_ADMIN"], Mounts: [], SecurityOpt: ["no-new-privileges"] },
      { Labels: labels("guard"), User: "0:0" },
    ),
    call("GET", "/containers/json"),
    call("POST", "/containers/abc/attach"),
    call("POST", "/containers/abc/update", { Memory: 1, MemorySwap: 1, NanoCpus: 1 }),
    call("DELETE", "/volumes/abc"),
    call("POST", "/commit", { Labels: labels("image"), Volumes: {} }),
  ])
    expect([good, faultsOf(good, RULES)]).toEqual([good, []]);
});

describe("each of these is one fault", () => {
  test.each<[string, EngineCall]>([
    ["files into a container", call("PUT", "/containers/abc/archive")],
    ["files out of a container", call("GET", "/containers/abc/archive")],
    ["a build by the engine", call("POST", "/build")],
    ["a network", call("POST", "/networks/create", { Name: "x" })],
    ["an exec elsewhere", exec({ WorkingDir: "/home/user" })],
    ["an exec nowhere", exec({ WorkingDir: undefined })],
    ["an exec by a name", exec({ User: "root" })],
    ["an exec by whom the path finds", exec({ Cmd: ["sh"] })],
    ["a privileged exec", exec({ Privileged: true })],
    ["an exec with variables", exec({ Env: ["PGPASSWORD=x"] })],
    ["a secret in an exec", exec({ Cmd: ["/bin/echo", "s3cret-token"] })],
    ["a secret in a label", create({}, { Labels: { ...labels("main"), note: "s3cret-token" } })],
    ["a secret in a query", call("GET", "/containers/json", undefined, "name=s3cret-token")],
    ["privileged", create({ Privileged: true })],
    ["the host's processes", create({ PidMode: "host" })],
    ["the host's user namespace", create({ UsernsMode: "host" })],
    ["the host's IPC", create({ IpcMode: "host" })],
    ["the host's control groups", create({ CgroupnsMode: "host" })],
    ["the kernel's keys", create({ MaskedPaths: HOST.MaskedPaths.slice(1) })],
    ["the host's network", create({ NetworkMode: "host" })],
    ["a guard on another network", create({ NetworkMode: "other", Mounts: [] }, { Labels: labels("guard") })],
    ["a bind", create({ Binds: ["/etc:/etc"] })],
    ["a bind by another name", create({ Mounts: [{ ...VOLUME, Type: "bind" }] })],
    ["another's volume", create({ Mounts: [{ ...VOLUME, Source: "home" }] })],
    ["another's device", create(mounted({ type: "ext4", device: "/dev/vda", o: "nosuid,nodev" }))],
    ["a way out of the folder", create(mounted({ type: "ext4", device: "/var/lib/guise/sandboxes/../x", o: "nosuid,nodev" }))],
    ["a volume with setuid", create(mounted({ type: "ext4", device: "/var/lib/guise/sandboxes/devices/h", o: "nodev" }))],
    ["a device", create({ Devices: [{ PathOnHost: "/dev/kvm" }] })],
    ["a capability", create({ CapAdd: ["NET_ADMIN"] })],
    ["capabilities kept", create({ CapDrop: [] })],
    ["new privileges", create({ SecurityOpt: [HOST.SecurityOpt[1]] })],
    ["no profile", create({ SecurityOpt: ["no-new-privileges"] })],
    ["unconfined by another word", create({ SecurityOpt: ["no-new-privileges", HOST.SecurityOpt[1], "apparmor=unconfined"] })],
    ["a writable root", create({ ReadonlyRootfs: false })],
    ["root", create({}, { User: "0:0" })],
    ["no limit of processes", create({ PidsLimit: 0 })],
    ["swap", create({ MemorySwap: -1 })],
    ["a log on the disk", create({ LogConfig: { Type: "json-file" } })],
    ["a port", create({ PortBindings: { "80/tcp": [{ HostPort: "80" }] } })],
    ["a restart", create({ RestartPolicy: { Name: "always" } })],
    ["another installation's label", create({}, { Labels: { ...labels("main"), "guise.installation": "other" } })],
    ["another limit changed", call("POST", "/containers/abc/update", { PidsLimit: -1 })],
    ["an image with volumes", call("POST", "/commit", { Labels: labels("image"), Volumes: { "/x": {} } })],
    ["a body that was not read", { ...create(), body: "unread" }],
  ])("%s", (_, bad) => expect(faultsOf(bad, RULES)).toHaveLength(1));

  test("a container without seccomp", () => {
    expect(faultsOf(create({ SecurityOpt: ["no-new-privileges", "seccomp=unconfined"] }), RULES)).toEqual(["it is unconfined"]);
  });
});

test("kinds leave ids out", () => {
  const calls = [
    call("GET", "/containers/abc/json"),
    call("GET", "/containers/def/json"),
    call("GET", "/containers/json"),
    call("GET", "/images/a/b:c/json"),
  ];
  expect([...kindsOf(calls)]).toEqual([
    ["GET /containers/…/json", 2],
    ["GET /containers/json", 1],
    ["GET /images/…/json", 1],
  ]);
});
