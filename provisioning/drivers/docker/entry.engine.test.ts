import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Channel, Driver, Started } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";

let world: EngineWorld;
let driver: Driver;
let started: Started;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  started = await driver.start(sandboxSpec(world.image), quietReport);
  await started.channel.run("while [ -w /run/identity ]; do sleep 0.02; done");
});
afterAll(async () => {
  await driver.destroy(started.handle, { grace: 0, keepHome: false });
  await world.close();
});

async function through<T>(use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await driver.connect(started.handle);
  try {
    return await use(channel);
  } finally {
    channel.close();
  }
}

test("the files that a channel needs are not the workspace's to touch, nor its places to take away", () =>
  through(async (channel) => {
    const acts = [
      "rm -f /run/identity/passwd",
      "echo > /run/identity/group",
      "mkfifo /run/identity/pipe",
      "chmod 777 /run/identity",
      "rmdir /run/guise/launches",
      "mv /run/guise/launches /run/guise/other",
      "mv /run/guise /run/other",
      "touch /usr/lib/guise/sshd_config",
    ];
    const { stdout } = await channel.run(acts.map((act) => `${act} 2> /dev/null && echo "did: ${act}"`).join("\n"));
    expect(stdout).toBe("");
    expect((await channel.run("id -un; stat -c %a /run/identity /run/identity/passwd")).stdout).toBe("user\n755\n644\n");
  }));

test.each([
  ["killed every server", "pkill -KILL sshd"],
  ["filled its temporary folders", "for f in /tmp /run/guise /run/guise/launches /dev/shm; do head -c 1g /dev/zero > $f/fill; done"],
  ["closed its folders", "chmod 0 /run/guise/launches /run/guise ~"],
  ["removed what is noted", "rm -rf /run/guise/* /run/guise/launches/*"],
])("a workspace that %s is entered by the next channel", async (_what, act) => {
  await through((channel) => channel.run(act)).catch(() => {});
  await through(async (channel) => {
    expect(await channel.run("whoami")).toMatchObject({ exit: 0, stdout: "user\n" });
    await channel.run("chmod 700 ~; rm -f /tmp/fill /run/guise/fill /run/guise/launches/fill /dev/shm/fill");
  });
});

test("a workspace whose processes are at their limit says so by a code, and is entered again when they have ended", async () => {
  const held = await driver.connect(started.handle);
  const fill = `perl -e '$| = 1; while (defined(my $child = fork)) { if (!$child) { sleep 2; exit } } print "full\\n"; 1 while wait > 0'`;
  const filled = await held.open(fill);
  await once(filled.stdout, "data");
  await expect(through((channel) => channel.run("whoami"))).rejects.toMatchObject({
    code: expect.stringMatching(/^(channel_lost|launch_failed)$/),
    message: expect.stringMatching(/ork|could not start|for the sandbox says/),
  });
  await filled.exited;
  held.close();
  expect(await through((channel) => channel.run("whoami"))).toMatchObject({ exit: 0 });
});

test("the end of the first channel's server is seen at once, though the container's streams go on", async () => {
  const own = await driver.start(sandboxSpec(world.image, { workspace: "w-first" }), quietReport);
  await own.channel.run("pkill -KILL sshd").catch(() => {});
  await own.channel.closed;
  expect((await (await driver.connect(own.handle)).run("whoami")).stdout).toBe("user\n");
  await driver.destroy(own.handle, { grace: 0, keepHome: false });
}, 30_000);
