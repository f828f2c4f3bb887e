import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countedIds, silentLog } from "#foundation";
import { createEngineClient } from "./client.ts";
import type { EngineContext } from "./engine-context.ts";
import { type ContainerRequest, checkContainer, checkExec, checkVolume } from "./engine-policy.ts";
import { guardContainer } from "./guard-container.ts";
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
const main = (): ContainerRequest =>
  mainContainer(
    context,
    {
      workspace: "w-1",
      generation: 1,
      engineName: "s-1",
      node: "node-1",
      image: "sha256:0",
      limits: { cpu: 1000, ram: 2 ** 30, processes: 100 },
      bandwidth: { ingress: 1e6, egress: 1e6 },
      storage: 2 ** 30,
      network: { allow: [], openedRanges: [] },
      volumes: [],
    },
    { guard: GUARD, uid: 20_001, volumes: [{ name: "v-1", target: "/home/user", readOnly: false }] },
  );
const guard = (): ContainerRequest => guardContainer({ ...context, guardImage: async () => "guard", network: "bridge" }, "guard", {});
const refused = expect.objectContaining({ code: "refused_by_policy" });

/** The same request with something else in its host configuration. */
function withHost(request: ContainerRequest, host: object): ContainerRequest {
  return { ...request, options: { ...request.options, HostConfig: { ...request.options.HostConfig, ...host } } };
}

describe("containers", () => {
  test("our own guard and main container pass", () => {
    checkContainer("here", main());
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
    [
      "a device mounted by the way",
      {
        Mounts: [
          {
            Type: "volume",
            Source: "v",
            Target: "/x",
            VolumeOptions: { DriverConfig: { Name: "local", Options: { device: "/dev/sda" } } },
          },
        ],
      },
    ],
    ["a device", { Devices: [{ PathOnHost: "/dev/kvm" }] }],
    ["a capability", { CapAdd: ["NET_ADMIN"] }],
    ["kept capabilities", { CapDrop: [] }],
    ["no seccomp", { SecurityOpt: ["no-new-privileges", "seccomp=unconfined"] }],
    ["no AppArmor", { SecurityOpt: ["no-new-privileges", "apparmor=unconfined"] }],
    ["new privileges", { SecurityOpt: [] }],
    ["a writable root", { ReadonlyRootfs: false }],
    ["a restart policy", { RestartPolicy: { Name: "always" } }],
    ["a published port", { PortBindings: { "80/tcp": [{ HostPort: "80" }] } }],
    ["kernel settings", { Sysctls: { "net.ipv4.ip_forward": "1" } }],
  ])("a main container with %s is refused", (_, host) => expect(() => checkContainer("here", withHost(main(), host))).toThrow(refused));

  test.each(["0:0", "0:1000", "1000:0", "root", "", "user"])("a main container as %j is refused", (user) => {
    const request = main();
    expect(() => checkContainer("here", { ...request, options: { ...request.options, User: user } })).toThrow(refused);
  });

  test("a guard gets NET_ADMIN and no more", () => {
    expect(() => checkContainer("here", withHost(guard(), { CapAdd: ["NET_ADMIN", "SYS_ADMIN"] }))).toThrow(refused);
  });

  test("what bears another installation's label, another role or none is refused", () => {
    const request = main();
    for (const Labels of [{}, ownershipLabels({ installation: "there", run: "r" }, "main"), ownershipLabels(context, "guard")])
      expect(() => checkContainer("here", { ...request, options: { ...request.options, Labels } })).toThrow(refused);
  });

  test("volumes in the image's own way are refused: a commit would hand them on", () => {
    const request = main();
    expect(() => checkContainer("here", { ...request, options: { ...request.options, Volumes: { "/x": {} } } })).toThrow(refused);
  });
});

test.each([
  { role: "main", command: ["sh"], user: "20001:20001" },
  { role: "main", command: [], user: "20001:20001" },
  { role: "main", command: ["/bin/sh"], user: "user" },
  { role: "main", command: ["/bin/sh"], user: "0:0" },
  { role: "guard", command: ["/bin/sh"], user: "" },
] as const)("the exec $command as $user in a $role is refused", (request) => expect(() => checkExec(request)).toThrow(refused));

test("a volume is ext4 on a device of ours, without setuid and devices", () => {
  const Labels = ownershipLabels(context, "volume");
  const options = { type: "ext4", device: "/home/devices/w.1.0", o: "nosuid,nodev" };
  checkVolume("here", "/home/devices", { Labels, Driver: "local", DriverOpts: options });
  const wrong = [{ device: "/dev/sda" }, { device: "/home/devices/../x" }, { o: "nosuid" }, { o: "nodev" }, { type: "none" }, { x: "y" }];
  for (const change of wrong)
    expect(
      () => checkVolume("here", "/home/devices", { Labels, Driver: "local", DriverOpts: { ...options, ...change } }),
      JSON.stringify(change),
    ).toThrow(refused);
  expect(() => checkVolume("here", "/home/devices", { Labels, Driver: "nfs" })).toThrow(refused);
});

test("nothing else in this folder creates containers, execs or volumes, or touches a container's archive", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.ts$/.test(file) && !/\.(test|fixture)\.ts$/.test(file),
  );
  const callers = sources.filter((file) =>
    /\.createContainer\(|\.createVolume\(|\.exec\(\{|Archive\(|createNetwork\(/.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(callers).toEqual(["engine-calls.ts"]);
});
