import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMirrors, runInBox } from "#building";
import { randomIds, silentLog, systemClock } from "#foundation";
import { type AllowedTarget, type Channel, type Driver, type ImageLayer, type NetworkRules, quietBuild, type Started } from "#provisioning";
import { contains, parseRange } from "./cidr.ts";
import type { EngineContainer } from "./client.ts";
import { denySet } from "./deny-set.ts";
import { tryTool } from "./engine/run-tool.ts";
import { startExec } from "./engine-calls.ts";
import { engineStream } from "./engine-stream.ts";
import { hostAddresses } from "./host-addresses.ts";
import { DockerBuildBox } from "./images/build/docker-build-box.ts";
import { hostileRegistry, REGISTRY } from "./images/hostile-registry.fixture.ts";
import { ImageStore } from "./images/image-store.ts";
import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "./test-support/engine-world.ts";
import { type Outside, openOutside } from "./test-support/outside.ts";
import { listenInside } from "./test-support/probes.ts";
import { keyOf, type Outcome, type Probe, probeScript, reachTable, readOutcomes } from "./test-support/reach.ts";
import { TEST_SLOT } from "./test-support/test-slot.ts";

/** Who can reach what, on the real engine: everybody tries everything, and the table is printed. */

const NUMBER = 200 + TEST_SLOT.number;
/** Ranges that stay closed, or that only operators open, with a machine behind each that answers. */
const RANGES = {
  "10/8": `10.177.77.${NUMBER}`,
  "172.16/12": `172.30.77.${NUMBER}`,
  "192.168/16": `192.168.177.${NUMBER}`,
  "100.64/10": `100.64.77.${NUMBER}`,
  "192.0.0/24": `192.0.0.${NUMBER}`,
  "198.18/15": `198.18.77.${NUMBER}`,
} as const;
/** Addresses of this machine that are easily overlooked: on the loopback device, on a device without a carrier, and one that comes when the sandboxes run already. */
const OVERLOOKED = { loopback: `203.0.113.${NUMBER}`, idle: `203.0.113.${NUMBER - 100}`, late: `203.0.113.${NUMBER - 50}` } as const;
const IDLE_DEVICE = `guise-idle${TEST_SLOT.number}`;
const ULA = { prefix: "fd77:77:77::", host: "fd77:77:77::1" } as const;
const LINK_LOCAL = "fe80::77:1";
const HOST_PORT = 9000 + TEST_SLOT.number;

const SOURCES = ["host", "no guard", "listed", "0.0.0.0/0", "and ranges", "nothing", "fetch", "install"] as const;
type Source = (typeof SOURCES)[number];

/** Who is let through to a row's target; everybody else must be refused. `proof`: who shows that it answers at all. */
interface Row {
  readonly name: string;
  readonly probe: Probe;
  readonly may: readonly Source[];
  readonly proof?: Source;
  /** For whom it is closed by the host's own table alone: nothing comes back, and it takes its time. */
  readonly behindHost?: readonly Source[];
}

const EVERYTHING: readonly AllowedTarget[] = ["0.0.0.0/0", "::/0"].flatMap((cidr) =>
  (["tcp", "udp"] as const).map((protocol) => ({ cidr, protocol, port: null })),
);

let world: EngineWorld;
let driver: Driver;
let outside: Outside;
let unguarded: EngineContainer;
const closing: (() => unknown)[] = [];
/** Who reached the host's services: their addresses. */
const reached: string[] = [];

const ip = (...args: readonly string[]) => execFileSync("ip", args, { encoding: "utf8", stdio: "pipe" });

beforeAll(async () => {
  world = await openEngineWorld();
  driver = (await world.driver()).driver;
  outside = await openOutside(NUMBER - 100, Object.values(RANGES));
  closing.push(() => outside.close());
  await serveOnHost();
  await addHostAddresses();
  unguarded = await startUnguarded();
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await world?.close();
});

async function serveOnHost(): Promise<void> {
  const tcp = createServer((socket) => {
    reached.push(socket.remoteAddress ?? "");
    socket.on("error", () => {}).end();
  });
  await new Promise<void>((resolve) => void tcp.listen(HOST_PORT, "::", resolve));
  const udp = createSocket({ type: "udp6", ipv6Only: false });
  udp.on("message", (message, from) => {
    reached.push(from.address);
    udp.send(message, from.port, from.address);
  });
  await new Promise<void>((resolve) => void udp.bind(HOST_PORT, "::", resolve));
  closing.push(
    () => tcp.close(),
    () => udp.close(),
  );
}

async function addHostAddresses(): Promise<void> {
  ip("address", "add", `${OVERLOOKED.loopback}/32`, "dev", "lo");
  closing.push(() => tryTool("ip", ["address", "del", `${OVERLOOKED.loopback}/32`, "dev", "lo"]));
  ip("link", "add", IDLE_DEVICE, "type", "bridge");
  closing.push(() => tryTool("ip", ["link", "del", IDLE_DEVICE]));
  ip("address", "add", `${OVERLOOKED.idle}/32`, "dev", IDLE_DEVICE);
  ip("link", "set", IDLE_DEVICE, "up");
  for (const [setting, value] of [
    ["accept_dad", "0"],
    ["disable_ipv6", "0"],
  ] as const)
    writeFileSync(`/proc/sys/net/ipv6/conf/${world.facts.bridge}/${setting}`, value);
  closing.push(() => writeFileSync(`/proc/sys/net/ipv6/conf/${world.facts.bridge}/disable_ipv6`, "1"));
  for (const address of [ULA.host, LINK_LOCAL]) ip("address", "add", `${address}/64`, "dev", world.facts.bridge, "nodad");
}

/** A container on the bridge as the engine makes it when it is told nothing: what the network lets through without us, and a neighbor that answers everybody. */
async function startUnguarded(): Promise<EngineContainer> {
  const server = `use IO::Socket; my $tcp = IO::Socket::INET->new(Listen => 5, LocalPort => ${HOST_PORT}, ReuseAddr => 1);
    my $udp = IO::Socket::INET->new(Proto => "udp", LocalPort => ${HOST_PORT});
    if (fork) { while (1) { close($tcp->accept) } } else { while ($udp->recv(my $m, 100)) { $udp->send($m) } }`;
  const container = await world.client.createContainer({
    Image: world.image,
    Entrypoint: [],
    Cmd: ["perl", "-e", server],
    User: "0:0",
    HostConfig: { NetworkMode: "bridge", CapDrop: ["ALL"], CapAdd: ["NET_RAW"], Memory: 64 * 2 ** 20 },
  });
  closing.push(() => container.remove({ force: true }));
  await container.start();
  return container;
}

/** This machine's addresses of more than one link, by another way than the product's. */
function ownAddresses(): string[] {
  const devices = JSON.parse(ip("-j", "address", "show")) as { addr_info: { local: string; scope: string }[] }[];
  const all = devices.flatMap(({ addr_info }) => addr_info).filter(({ scope, local }) => scope === "global" && !local.startsWith("127."));
  return [...new Set(all.map(({ local }) => local))];
}

const addressOf = async (container: EngineContainer) => (await container.inspect()).NetworkSettings.Networks.bridge?.IPAddress ?? "";

/** IPv6 is off in sandboxes; it is switched on from outside, so that the rules for it are tried and not its absence. */
async function withIpv6(container: EngineContainer, number: number): Promise<void> {
  const { State } = await container.inspect();
  const inside = (command: string) => execFileSync("nsenter", ["-t", String(State.Pid), "-n", "sh", "-ec", command], { stdio: "pipe" });
  inside(
    "for device in all eth0; do echo 0 > /proc/sys/net/ipv6/conf/$device/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/$device/disable_ipv6; done",
  );
  inside(`ip address add ${ULA.prefix}${number}/64 dev eth0 nodad`);
}

async function startWith(network: NetworkRules): Promise<{ readonly sandbox: Started; readonly container: EngineContainer }> {
  const spec = sandboxSpec(world.image, { network });
  const sandbox = await driver.start(spec, quietReport);
  closing.push(() => driver.destroy(sandbox.handle, { grace: 0, keepHome: false }));
  return { sandbox, container: world.client.getContainer(spec.engineName) };
}

async function rowsFor(peer: Channel, mirror: AllowedTarget | undefined): Promise<Row[]> {
  const row = (name: string, probe: Probe, may: readonly Source[] = [], proof?: Source): Row => ({
    name: `${name} ${probe.protocol}`,
    probe,
    may,
    ...(proof === undefined ? {} : { proof }),
  });
  const at = (address: string, port: number, ...protocols: readonly Probe["protocol"][]): Probe[] =>
    protocols.map((protocol) => ({ protocol, address, port: /icmp|raw|unix/.test(protocol) ? 0 : port }));
  const each = (name: string, probes: readonly Probe[], may: readonly Source[] = [], proof?: Source) =>
    probes.map((probe) => row(name, probe, may, probe.protocol === "tcp" || probe.protocol === "unix" ? proof : undefined));
  const behindHost = (rows: readonly Row[], sources: readonly Source[]) => rows.map((row) => ({ ...row, behindHost: sources }));
  const peerAddress = (await peer.run("hostname -I")).stdout.trim().split(/\s+/)[0] ?? "";
  const everybody = ["listed", "0.0.0.0/0", "and ranges"] as const;
  const unlisted = ["0.0.0.0/0", "and ranges"] as const;
  const all = ["tcp", "udp", "udplite", "icmp", "raw"] as const;
  const hosts = [...ownAddresses(), `${LINK_LOCAL}%eth0`].filter((address) => address !== OVERLOOKED.late);
  return [
    ...each("listed service", at(outside.address, 8080, "tcp"), everybody, "no guard"),
    row("listed service", { protocol: "udp", address: outside.address, port: 53 }, everybody, "no guard"),
    ...each("other port of it", at(outside.address, 8081, "tcp"), unlisted, "no guard"),
    ...each("other protocol of it", at(outside.address, 8080, "udplite", "icmp", "raw")),
    ...Object.entries(RANGES).flatMap(([range, address]) => {
      const may = range === "192.0.0/24" ? [] : (["and ranges"] as const);
      return [
        ...each(range, [...at(address, 8080, "tcp"), ...at(address, 53, "udp")], may, "no guard"),
        ...each(range, at(address, 0, "icmp", "raw")),
      ];
    }),
    ...each("metadata", [...at(outside.metadata, 8080, "tcp", "icmp", "raw"), ...at(outside.metadata, 53, "udp")], [], "no guard"),
    ...each("metadata", at("169.254.169.254", 80, "tcp", "udp")),
    ...each("metadata, Azure", at("168.63.129.16", 80, "tcp", "udp")),
    ...each("metadata, Alibaba", at("100.100.100.200", 80, "tcp", "udp")),
    ...each("metadata, mapped", at(`::ffff:${outside.metadata}`, 8080, "tcp", "udp"), [], "no guard"),
    ...hosts.flatMap((address) => each(`host ${address}`, at(address, HOST_PORT, ...all), [], /%/.test(address) ? undefined : "host")),
    ...each("host, mapped", at(`::ffff:${outside.host}`, HOST_PORT, "tcp", "udp"), [], "host"),
    ...behindHost(each("host, late", at(OVERLOOKED.late, HOST_PORT, "tcp", "udp", "icmp"), [], "host"), unlisted),
    ...each("broker, loopback", at("127.0.0.1", HOST_PORT, "tcp", "udp"), [], "host"),
    ...each("broker, loopback", at("::1", HOST_PORT, "tcp", "udp"), [], "host"),
    ...each("engine by tcp", [...at(world.facts.gateway, 2375, "tcp"), ...at(world.facts.gateway, 2376, "tcp")]),
    ...each("engine's socket", at(world.facts.socketPath, 0, "unix"), [], "host"),
    ...each("engine's socket", [...at("/run/docker.sock", 0, "unix"), ...at("/run/containerd/containerd.sock", 0, "unix")]),
    ...each("engine's resolver", at("127.0.0.11", 53, "tcp", "udp")),
    ...each("workspace", [...at(peerAddress, 2222, "tcp"), ...at(peerAddress, 5353, "udp", "udplite", "icmp", "raw")]),
    ...each("neighbor without guard", at(await addressOf(unguarded), HOST_PORT, ...all), [], "no guard"),
    ...behindHost(each("neighbor by IPv6", at(`${ULA.prefix}3`, HOST_PORT, ...all)), ["and ranges"]),
    ...each("multicast", at("224.0.0.1", HOST_PORT, "udp", "icmp", "raw")),
    ...each("multicast", [...at("239.77.77.77", HOST_PORT, "udp"), ...at("ff02::1%eth0", HOST_PORT, "udp", "icmp", "raw")]),
    ...each("broadcast", at("255.255.255.255", HOST_PORT, "udp")),
    ...each("package mirror", at(REGISTRY.host, REGISTRY.port, "tcp"), ["fetch", "and ranges"], "no guard"),
    ...(mirror === undefined
      ? []
      : each(
          "package mirror",
          at(mirror.cidr.replace("/32", ""), mirror.port ?? 443, "tcp"),
          isSpecial(mirror) ? ["fetch", "and ranges"] : ["fetch", ...unlisted],
        )),
  ];
}

/** Some networks have their mirrors where documentation has its addresses. */
function isSpecial({ cidr }: AllowedTarget): boolean {
  return Object.values(denySet([], []))
    .flat()
    .some((closed) => holds(closed, cidr));
}

function holds(outer: string, inner: string): boolean {
  const [wide, narrow] = [parseRange(outer), parseRange(inner)];
  return wide !== undefined && narrow !== undefined && contains(wide, narrow);
}

async function perlIn(channel: Channel, script: string): Promise<string[]> {
  await channel.writeFile("/tmp/probes", Buffer.from(script), 0o600);
  return (await channel.run("perl /tmp/probes")).stdout.split("\n");
}

async function perlInContainer(container: EngineContainer, script: string): Promise<string[]> {
  const { raw } = await startExec(container, { role: "build", command: ["/usr/bin/perl", "-"], user: "0:0" });
  const stream = engineStream(raw);
  raw.end(script);
  return (await text(stream)).split("\n");
}

const context = () => ({
  client: world.client,
  installation: TEST_SLOT.installation,
  run: randomIds.next("run"),
  ids: randomIds,
  log: silentLog,
  clock: systemClock,
  network: "bridge",
  guardImage: () => world.images.guardImage(),
});

/** As a build fetches: its own network, open to its mirrors. What runs in it is no manager's code but ours. */
async function perlWhileFetching(script: string): Promise<string[]> {
  const mirrors = {
    hosts: [],
    allow: [{ cidr: `${REGISTRY.host}/32`, protocol: "tcp" as const, port: REGISTRY.port }, ...(await configured())],
  };
  const own = [world.facts.subnet, ...(await hostAddresses())];
  const box = await DockerBuildBox.open(context(), { parent: world.image, mirrors, own, repository: "none" });
  const said: string[] = [];
  try {
    await box.openMirrors();
    const onLine = (line: string) => {
      said.push(line);
      return "words" as const;
    };
    await runInBox(box, ["-c", "exec perl -"], { input: script, failure: "the probes did not run", onLine });
  } finally {
    await box.remove();
  }
  return said;
}

/** The mirror of Python packages that this machine is configured for. */
async function configured(): Promise<readonly AllowedTarget[]> {
  return (await openMirrors(["https://pypi.org"], { http: undefined, https: undefined }).catch(() => ({ allow: [] }))).allow;
}

const plan = (layer: ImageLayer) => ({ layers: [layer], packageEpoch: "1" });

/** As a package's own script, in a build of the real image store. */
async function perlWhileInstalling(): Promise<string[]> {
  const store = new ImageStore({
    ...context(),
    work: `${TEST_SLOT.home}/bootstrap`,
    subnet: world.facts.subnet,
    closed: [],
    mirrors: {
      variables: { ...process.env, npm_config_registry: `http://${REGISTRY.host}:${REGISTRY.port}` },
      suite: undefined,
      extra: [],
    },
  });
  // What Node comes from is another registry than the hostile one.
  await world.images.ensureImage(plan({ application: "prettier", manager: "npm", packages: ["prettier"] }), quietBuild);
  const said: string[] = [];
  // A name of its own each time: the engine is kept, and what is built already is not installed again.
  const evil = plan({ application: randomIds.next("evil"), manager: "npm", packages: ["evil"] });
  const built = await store.ensureImage(evil, { ...quietBuild, log: (line) => void said.push(line) });
  await world.client.getImage(built.reference).remove({ force: true });
  return said;
}

test("who reaches whom: only what is listed, whatever is listed", async () => {
  const [mirror] = await configured();
  const peer = await startWith({ allow: EVERYTHING, openedRanges: [] });
  await listenInside(peer.sandbox.channel, 2222);
  await peer.sandbox.channel.run(
    `setsid perl -MIO::Socket -e 'my $u = IO::Socket::INET->new(Proto => "udp", LocalPort => 5353); while ($u->recv(my $m, 100)) { $u->send($m) }' >/dev/null 2>&1 </dev/null &`,
  );
  const listed: AllowedTarget[] = [
    { cidr: `${outside.address}/32`, protocol: "tcp", port: 8080 },
    { cidr: `${outside.address}/32`, protocol: "udp", port: 53 },
  ];
  const workspaces = {
    listed: await startWith({ allow: listed, openedRanges: [] }),
    "0.0.0.0/0": await startWith({ allow: EVERYTHING, openedRanges: [] }),
    "and ranges": await startWith({ allow: EVERYTHING, openedRanges: ["0.0.0.0/0", "::/0"] }),
    nothing: await startWith({ allow: [], openedRanges: [] }),
  };
  await withIpv6(unguarded, 3);
  for (const [at, { container }] of Object.values(workspaces).entries()) await withIpv6(container, 10 + at);
  ip("address", "add", `${OVERLOOKED.late}/32`, "dev", "lo");
  closing.push(() => tryTool("ip", ["address", "del", `${OVERLOOKED.late}/32`, "dev", "lo"]));

  const rows = (await rowsFor(peer.sandbox.channel, mirror)).filter(
    ({ probe }, at, all) => all.findIndex((other) => keyOf(other.probe) === keyOf(probe)) === at,
  );
  const script = probeScript(rows.map(({ probe }) => probe));
  const registry = await hostileRegistry({
    npm: `process.stdout.write(require("node:child_process").execFileSync("perl", ["-"], { input: ${JSON.stringify(script)} }));\n`,
  });
  closing.push(() => registry.close());
  const lines: Record<Source, string[]> = {
    host: execFileSync("perl", ["-"], { input: script, encoding: "utf8" }).split("\n"),
    "no guard": await perlInContainer(unguarded, script),
    listed: [],
    "0.0.0.0/0": [],
    "and ranges": [],
    nothing: [],
    fetch: [],
    install: [],
  };
  reached.length = 0;
  for (const [source, { sandbox }] of Object.entries(workspaces)) lines[source as Source] = await perlIn(sandbox.channel, script);
  lines.fetch = await perlWhileFetching(script);
  lines.install = await perlWhileInstalling();

  const outcomes = new Map(SOURCES.map((source) => [source, readOutcomes(lines[source])]));
  const of = (source: Source, { probe }: Row): Outcome | "untried" => outcomes.get(source)?.get(keyOf(probe)) ?? "untried";
  const cell = (row: Row | undefined, source: Source) => (row === undefined ? "" : of(source, row));
  process.stdout.write(
    `${reachTable(
      rows.map(({ name }) => name),
      SOURCES,
      (row, column) => cell(rows[row], SOURCES[column] ?? "host"),
    )}\n`,
  );

  const wrong = rows.flatMap((row) =>
    SOURCES.flatMap((source) => {
      const outcome = of(source, row);
      if (source === "host" || source === "no guard")
        return row.proof !== source || outcome === "open" ? [] : [`${row.name} does not answer ${source}`];
      const isMet = row.may.includes(source)
        ? outcome === "open" || (outcome === "silent" && row.probe.protocol === "udp")
        : outcome === "refused" || (outcome === "silent" && row.behindHost?.includes(source) === true);
      return isMet ? [] : [`${source} to ${row.name} (${row.probe.address}): ${outcome}`];
    }),
  );
  expect(wrong).toEqual([]);
  expect(reached, "nobody reached the host's services").toEqual([]);
});
