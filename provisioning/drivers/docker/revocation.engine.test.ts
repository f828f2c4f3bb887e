import { afterAll, beforeAll, expect, test } from "vitest";
import type { AllowedTarget, Channel, Driver, Started } from "#provisioning";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { answersUdp, connectsTo, inBash } from "./test-support/probes.ts";

/** A permission that is taken away ends what it had opened, within a second; what is still allowed goes on. */

const ENDS_WITHIN = 1000;
const BANDWIDTH = { ingress: 40e6, egress: 40e6 } as const;
/** More than any of the transfers moves before it is ended: 2 minutes' worth. */
const ENDLESS = 600e6;

let world: EngineWorld;
let driver: Driver;
let outside: Outside;
let started: Started;
let channel: Channel;

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  outside = await openOutside();
  started = await driver.start(
    sandboxSpec(world.image, { bandwidth: BANDWIDTH, network: { allow: both(), openedRanges: [] } }),
    quietReport,
  );
  channel = started.channel;
});
afterAll(async () => {
  if (started !== undefined) await driver.destroy(started.handle, { grace: 0, keepHome: false });
  outside?.close();
  await world?.close();
});

const target = (protocol: "tcp" | "udp", port: number): AllowedTarget => ({ cidr: `${outside.address}/32`, protocol, port });
const revoked = () => [target("tcp", 8080), target("udp", 53)];
const kept = () => [target("tcp", 8081)];
const both = () => [...revoked(), ...kept()];
const rewire = (allow: readonly AllowedTarget[]) => driver.network?.rewire(started.handle, { allow, openedRanges: [] });

/** When a command has ended, and how. */
async function ended(command: string) {
  const { exit, stdout } = await channel.run(inBash(command));
  return { exit, stdout: stdout.trim(), at: performance.now() };
}

const open = (port: number) => `exec 3<>/dev/tcp/${outside.address}/${port}`;
const perl = (body: string) =>
  `perl -MIO::Socket -e '$s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "${outside.address}", PeerPort => 53); ${body}'`;

async function bytesMoved() {
  const sample = await driver.usage?.sample(started.handle);
  return { received: sample?.received ?? 0, sent: sample?.sent ?? 0 };
}

test("a download, an upload and streams of datagrams each way end; another download does not", async () => {
  const before = await bytesMoved();
  const download = ended(`${open(8080)}; echo "get ${ENDLESS}" >&3; cat <&3 >/dev/null`);
  const upload = ended(`${open(8080)}; { echo "put ${ENDLESS}"; cat /dev/zero; } >&3`);
  const untouched = ended(`${open(8081)}; echo "get 20000000" >&3; cat <&3 | wc -c`);
  // The incoming one says nothing more itself after its first word, and counts what comes until a second passes without anything.
  const incoming = ended(
    perl(
      '$s->send("stream 12000"); $SIG{ALRM} = sub { print $n; exit }; while (1) { alarm 1; $s->recv($m, 100); $n++; open(F, ">/tmp/came"); print F $n; close F }',
    ),
  );
  const outgoing = ended(perl('while ($s->send("hello")) { select(undef, undef, undef, 0.01) } print "$!"'));
  await expect
    .poll(async () => Number((await channel.run("cat /tmp/came 2>/dev/null || echo 0")).stdout), { timeout: 20_000 })
    .toBeGreaterThan(50);
  await expect.poll(async () => (await bytesMoved()).received - before.received, { timeout: 20_000 }).toBeGreaterThan(2e6);
  await expect.poll(async () => (await bytesMoved()).sent - before.sent, { timeout: 20_000 }).toBeGreaterThan(2e6);

  const began = performance.now();
  await rewire(kept());
  const acknowledged = performance.now() - began;
  const results = { download: await download, upload: await upload, outgoing: await outgoing, incoming: await incoming };
  const took = Object.fromEntries(Object.entries(results).map(([name, { at }]) => [name, Math.round(at - began)]));
  process.stdout.write(`revoked: acknowledged after ${Math.round(acknowledged)} ms; ended after ${JSON.stringify(took)} ms\n`);

  for (const name of ["download", "upload", "outgoing"] as const) expect(took[name], name).toBeLessThan(ENDS_WITHIN);
  // Its own second of silence is part of the time.
  expect(took.incoming).toBeLessThan(ENDS_WITHIN + 1100);
  expect(results.download.exit).not.toBe(0);
  expect(results.upload.exit).not.toBe(0);
  expect(results.outgoing.stdout).toBe("Operation not permitted");
  expect(Number(results.incoming.stdout)).toBeLessThan(12_000);
  expect((await untouched).stdout).toBe("20000000");
  for (const port of [8080, 8081]) expect([port, (await connectsTo(channel, outside.address, port)).open]).toEqual([port, port === 8081]);
  expect(await answersUdp(channel, outside.address, 53)).toBe(false);
});

test("what is given back can be reached again, and rules that cannot be read change nothing", async () => {
  await rewire(both());
  await expect(rewire([{ cidr: "nowhere", protocol: "tcp", port: 1 }])).rejects.toMatchObject({ code: "network_failed" });
  for (const port of [8080, 8081]) expect((await connectsTo(channel, outside.address, port)).open).toBe(true);
  expect(await answersUdp(channel, outside.address, 53)).toBe(true);
});
