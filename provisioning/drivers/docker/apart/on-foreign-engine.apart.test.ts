import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog } from "#foundation";
import type { AllowedTarget, Started } from "#provisioning";
import { driverConformance } from "#provisioning/conformance";
import { installationNames } from "../engine/engine-layout.ts";
import { ForeignEngine } from "../engine/foreign-engine.ts";
import { hostRulesInForce } from "../engine/host-rules.ts";
import { defaultGroups, groupsRam } from "../reading/control-group.ts";
import { type DockerWorld, openWorldOn, quietReport, sandboxSpec } from "../test-support/engine-world.ts";
import { type Outside, openOutside } from "../test-support/outside.ts";
import { connectsTo, listenInside } from "../test-support/probes.ts";
import { TEST_SLOT } from "../test-support/test-slot.ts";
import { NO_TRACES, tracesOf } from "../test-support/traces.ts";
import { ForeignDockerd, loadImages } from "./foreign-dockerd.fixture.ts";

const { installation, home: folder } = TEST_SLOT;
const MEBIBYTE = 2 ** 20;
const remove = { grace: 0, keepHome: false } as const;
const everything: AllowedTarget[] = [{ cidr: "0.0.0.0/0", protocol: "tcp", port: null }];

describe.each([{ remapped: false }, { remapped: true }])("on somebody else's engine, remapped $remapped", ({ remapped }) => {
  const dockerd = new ForeignDockerd({ remapped });
  const engine = new ForeignEngine({ socketPath: dockerd.socketPath, installation, log: silentLog });
  let outside: Outside;
  /** A container of somebody else's on the engine's default bridge, with a published port. */
  let neighbor: string;
  let before: Awaited<ReturnType<ForeignDockerd["others"]>>;

  beforeAll(async () => {
    outside = await openOutside(remapped ? 1 : 2);
    await dockerd.begin();
    await loadImages(dockerd.client);
    neighbor = await dockerd.serve("neighbor", { publish: 8090 });
    before = await others();
  });
  afterAll(async () => {
    await dockerd.close();
    outside?.close();
  });

  const others = () => dockerd.others(8090);

  const open = async (): Promise<DockerWorld> =>
    openWorldOn({ facts: await engine.up(), installation, work: join(folder, "bootstrap"), down: () => engine.down() });

  driverConformance("Docker, somebody else's", async () => {
    const world = await open();
    const first = await world.driver();
    return {
      driver: first.driver,
      again: async () => (await world.driver({ installation: first.options.installation, home: first.options.home })).driver,
      spec: (over = {}) => sandboxSpec(world.image, over),
      close: () => world.close(),
    };
  });

  describe("a workspace", () => {
    let world: DockerWorld;
    let options: Awaited<ReturnType<DockerWorld["driver"]>>["options"];
    let driver: Awaited<ReturnType<DockerWorld["driver"]>>["driver"];
    let first: Started;
    let second: Started;
    const addressOf = async ({ channel }: Started) => (await channel.run("hostname -I")).stdout.trim().split(" ")[0] ?? "";

    beforeAll(async () => {
      world = await open();
      ({ driver, options } = await world.driver({ installation }));
      const network = { allow: everything, openedRanges: ["0.0.0.0/0"] };
      first = await driver.start(sandboxSpec(world.image, { network }), quietReport);
      second = await driver.start(sandboxSpec(world.image, { network }), quietReport);
    });
    afterAll(() => world?.close());

    test("is nobody's id on the machine, as the kernel has mapped it", async () => {
      const { State } = await world.client.getContainer(String(first.handle.opaque.main)).inspect();
      const [inside, base, length] = (await readFile(`/proc/${State.Pid}/uid_map`, "utf8")).trim().split(/\s+/).map(Number);
      expect([inside, base, length]).toEqual([0, world.facts.remapBase, world.facts.remapLength]);
      const uid = Number((await first.channel.run("id -u")).stdout);
      const onMachine = Number(/^Uid:\t(\d+)/m.exec(await readFile(`/proc/${State.Pid}/status`, "utf8"))?.[1]);
      expect(onMachine).toBe(world.facts.remapBase + uid);
      expect(onMachine).toBeGreaterThanOrEqual(200_000);
      expect(uid).toBeLessThan(world.facts.remapLength);
      expect((await first.channel.run("touch ~/x && stat -c %u ~ ~/x")).stdout).toBe(`${uid}\n${uid}\n`);
    });

    test("holds no capability and to its limits", async () => {
      const limits = { cpu: 500, ram: 128 * MEBIBYTE, processes: 60 };
      const { handle, channel } = await driver.start(sandboxSpec(world.image, { limits, storage: 32 * MEBIBYTE }), quietReport);
      const { stdout: status } = await channel.run("cat /proc/self/status");
      for (const set of ["CapPrm", "CapEff", "CapBnd"]) expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, "m"));
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      const bytes = 192 * MEBIBYTE;
      const { stdout: killed } = await channel.run(`head -c ${bytes} /dev/zero | { tail -c ${bytes} >/dev/null; echo $?; }`);
      expect(killed.trim()).toBe("137");
      expect((await channel.run("head -c 64M /dev/zero > ~/fill")).stderr).toContain("No space left");
      const { Id } = await world.client.getContainer(String(handle.opaque.main)).inspect();
      expect(groupsRam(defaultGroups([Id]))).toBeGreaterThan(0);
      expect(await driver.usage?.sample(handle)).toMatchObject({ cpu: expect.any(Number), ram: expect.any(Number) });
      expect((await channel.run("exec sh -c 'while :; do sleep 20 >/dev/null 2>&1 & done'")).exit).not.toBe(0);
      await driver.destroy(handle, remove);
    });

    test("reaches what is allowed, and no peer, host, gateway or other container; nobody reaches it", async () => {
      const { channel } = second;
      await listenInside(first.channel, 2222);
      const address = await addressOf(first);
      expect((await connectsTo(first.channel, address, 2222)).open).toBe(true);
      expect((await connectsTo(channel, outside.address, 8080)).open).toBe(true);
      for (const [target, port] of [
        [address, 2222],
        [world.facts.gateway, 8090],
        [outside.host, 8090],
        ["172.17.0.1", 8090],
        [neighbor, 8090],
        [outside.metadata, 8080],
        ["127.0.0.11", 53],
      ] as const)
        expect({ target, ...(await connectsTo(channel, target, port)) }).toMatchObject({ target, open: false });
      const attempt = `timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/2222' 2>/dev/null && echo open || echo closed`;
      expect(await dockerd.exec("neighbor", ["/bin/bash", "-c", attempt])).toContain("closed");
    });

    test("on a network that somebody pruned, it is put back as it was", async () => {
      const { subnet, network } = world.facts;
      await Promise.all([first, second].map(({ handle }) => driver.destroy(handle, remove)));
      expect(await tracesOf(options)).toEqual(NO_TRACES);
      await world.client.getNetwork(network).remove();
      await engine.holdNetwork();
      const again = await driver.start(sandboxSpec(world.image), quietReport);
      expect((await world.client.getNetwork(network).inspect()).IPAM?.Config).toMatchObject([{ Subnet: subnet }]);
      await driver.destroy(again.handle, remove);
    });

    test("goes with everything of ours when Guise goes down, and nothing else does", async () => {
      const { handle, channel } = await driver.start(sandboxSpec(world.image), quietReport);
      expect(await others()).toEqual(before);
      await engine.down();
      await channel.closed;
      expect(await driver.inspect(handle)).toEqual({ condition: "gone" });
      await driver.destroy(handle, remove);
      expect(await tracesOf(options)).toEqual(NO_TRACES);
      expect(await hostRulesInForce(installationNames(installation).table)).toBe(false);
      expect(await others()).toEqual(before);
      // whoever comes back finds its homes where they were
      expect(await engine.up()).toMatchObject({ remapBase: world.facts.remapBase });
    });

    test("is told of with the engine's facts, and its weaknesses", async () => {
      const { facts, warnings } = await driver.capabilities();
      expect(facts).toMatchObject({
        own_engine: false,
        user_namespaces: remapped,
        socket: dockerd.socketPath,
        network: world.facts.network,
      });
      expect(warnings.some((line) => line.includes("user namespaces"))).toBe(!remapped);
      expect(warnings.some((line) => line.includes("not Guise's own"))).toBe(true);
    });
  });

  test("what others have is as it was, to the last rule", async () => expect(await others()).toEqual(before));
});
