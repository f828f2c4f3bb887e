import { afterAll, beforeAll, expect, test } from "vitest";
import type { Driver, SeccompProfile } from "#provisioning";
import { ATTACKS, attackScript } from "./test-support/attacks.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";

/** Everything that code in a workspace may try is refused, under both profiles but for what the browser's is for. */
let world: EngineWorld;
let driver: Driver;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
});
afterAll(() => world.close());

/** What a browser locks itself in with: in a namespace of its own it may do more, and reaches nothing of anybody else's by it. */
const FOR_BROWSERS = /^(unshare|clone into|chroot)/;

test.skipIf(process.arch !== "x64").each(["strict", "browser"] as const)(
  "of %s programs nothing gets through",
  async (seccomp: SeccompProfile) => {
    const { handle, channel } = await driver.start(sandboxSpec(world.image, { seccomp }), quietReport);
    const { stdout, stderr } = await channel.run("perl -", { input: attackScript() });
    const outcomes = stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t") as [string, string]);
    expect([outcomes.length, stderr]).toEqual([ATTACKS.length, expect.any(String)]);
    expect(ATTACKS.length).toBeGreaterThanOrEqual(110);
    const through = outcomes.filter(([name, error]) => error === "0" && !(seccomp === "browser" && FOR_BROWSERS.test(name)));
    expect(through).toEqual([]);
    expect((await channel.run("true")).exit).toBe(0);
    await driver.destroy(handle, { grace: 0, keepHome: false });
  },
);

test("what programs need is there: threads, pipes, debugging one's own, shared memory, queues, sockets of both kinds", async () => {
  const { handle, channel } = await driver.start(sandboxSpec(world.image), quietReport);
  const needed: Record<string, string> = {
    "a thread": "perl -e 'my $p = fork; exit 0 if !$p; waitpid $p, 0; print $?'",
    "a socket pair": "perl -MSocket -e 'socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, 0) or die $!; print 0'",
    "a TCP server": "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(Listen => 1, LocalPort => 0) or die $!; print 0'",
    "shared memory": "perl -e 'my $i = shmget(0, 4096, 0600) // die $!; shmctl($i, 0, 0); print 0'",
    "asking for the personality": "perl -e 'syscall(135, 0xffffffff) < 0 and die $!; print 0'",
    "a locked file": 'perl -MFcntl=:flock -e \'open(my $f, ">", "/tmp/l"); flock($f, LOCK_EX) or die $!; print 0\'',
    "routes to read": "ip route >/dev/null && printf 0",
  };
  for (const [what, command] of Object.entries(needed)) expect([what, (await channel.run(command)).stdout]).toEqual([what, "0"]);
  await driver.destroy(handle, { grace: 0, keepHome: false });
});
