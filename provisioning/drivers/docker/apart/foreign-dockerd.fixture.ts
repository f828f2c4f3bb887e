import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { systemClock } from "#foundation";
import { createEngineClient, type EngineClient } from "../client.ts";
import { DaemonProcess } from "../engine/daemon-process.ts";
import { endShims, removeContainers, unmountBelow } from "../engine/engine-leftovers.ts";
import { engineAnswers, socketAnswers } from "../engine/engine-request.ts";
import { runTool, tryTool } from "../engine/run-tool.ts";
import { LABELS } from "../labels.ts";
import { TEST_SLOT } from "../test-support/test-slot.ts";

/** A server that the base image can run: greets whoever connects, and ends the connection. */
const SERVE_HELLO: readonly string[] = [
  ...["/usr/bin/perl", "-MIO::Socket::INET", "-e"],
  'my $s = IO::Socket::INET->new(LocalPort => 8090, Listen => 5, ReuseAddr => 1) or die $!; $| = 1; print "listens\\n"; while (my $c = $s->accept) { print $c "hello\\n"; close $c }',
];

/** Where the images lie for engines that have none yet. */
export const BASE_TAR = `${TEST_SLOT.home}/base.tar`;

/** As login.defs gives it to an account of a distribution: fewer ids than Guise's own engine has, and below its ranges. */
const REMAP = { first: 1_890_000_000, length: 65_536 };

/**
 * Somebody else's Docker engine, as a distribution starts it: docker0, the machine's firewall, the userland proxy. Only in a
 * network of its own: it takes the place of the machine's own engine there.
 */
export class ForeignDockerd {
  readonly client: EngineClient;
  readonly socketPath: string;
  readonly #folder: string;
  readonly #user: string | undefined;
  readonly #containerd: DaemonProcess;
  readonly #dockerd: DaemonProcess;

  constructor({ remapped }: { readonly remapped: boolean }) {
    this.#folder = `${TEST_SLOT.home}-foreign`;
    this.#user = remapped ? `foreign${TEST_SLOT.port}` : undefined;
    this.socketPath = join(this.#folder, "docker.sock");
    this.client = createEngineClient(this.socketPath);
    const configuration = join(this.#folder, "containerd.toml");
    this.#containerd = this.#process("containerd", "containerd.sock", ["-c", configuration], configuration);
    this.#dockerd = this.#process("dockerd", "docker.sock", this.#arguments(), join(this.#folder, "daemon.json"));
  }

  /** From nothing, whatever a run that died has left. */
  async begin(): Promise<void> {
    await this.close();
    await mkdir(this.#folder, { recursive: true });
    await chmod(this.#folder, 0o711);
    if (this.#user !== undefined) {
      const range = `${REMAP.first}-${REMAP.first + REMAP.length - 1}`;
      await runTool("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", this.#user]);
      await runTool("usermod", ["--add-subuids", range, "--add-subgids", range, this.#user]);
    }
    const at = (name: string) => JSON.stringify(join(this.#folder, name));
    const toml = `version = 2\nroot = ${at("root")}\nstate = ${at("state")}\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = ${at("containerd.sock")}\n`;
    await writeFile(join(this.#folder, "containerd.toml"), toml);
    await writeFile(join(this.#folder, "daemon.json"), "{}\n");
    await this.start();
  }

  async start(): Promise<void> {
    await this.#containerd.start(() => socketAnswers(join(this.#folder, "containerd.sock")));
    await this.#dockerd.start(() => engineAnswers(this.socketPath));
  }

  async stop(): Promise<void> {
    await this.#dockerd.stop();
    await this.#containerd.stop();
  }

  async close(): Promise<void> {
    if (await engineAnswers(this.socketPath)) await removeContainers(this.socketPath);
    await this.stop();
    await endShims(join(this.#folder, "containerd.sock"), systemClock);
    await unmountBelow(this.#folder);
    await rm(this.#folder, { recursive: true, force: true });
    if (this.#user !== undefined && (await tryTool("getent", ["passwd", this.#user])).exit === 0) await runTool("userdel", [this.#user]);
  }

  /** A container of somebody else's that greets on port 8090, published or not; gives its address on its network. */
  async serve(name: string, over: { network?: string; publish?: number } = {}): Promise<string> {
    const tags = (await this.client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    return this.#run(name, tags.find((tag) => tag.includes("base-main")) ?? "", SERVE_HELLO, over);
  }

  /** Starts a container that is there; resolves when its server listens. */
  async startAgain(name: string): Promise<void> {
    const container = this.client.getContainer(name);
    const said = (await container.attach({ stream: true, stdout: true, stderr: true })) as unknown as Readable;
    await Promise.all([once(said, "data"), container.start()]);
    said.destroy();
  }

  /** Everything on the engine and in the machine's firewall that is not Guise's, and what the port on this machine says. */
  async others(port: number) {
    const ours = (labels: Readonly<Record<string, string>> | undefined) => (labels?.[LABELS.installation] ?? "") !== "";
    const containers = await this.client.listContainers({ all: true });
    const networks = await this.client.listNetworks();
    return {
      containers: containers.filter(({ Labels }) => !ours(Labels)).map(({ Id, State }) => `${Id} ${State}`),
      networks: networks
        .filter(({ Labels }) => !ours(Labels))
        .map(({ Id, Name }) => `${Id} ${Name}`)
        .sort(),
      rules: await foreignRules(),
      published: await text(connect(port, "127.0.0.1")),
    };
  }

  /** What a command in a container of somebody else's says; its exit code on a line of its own at the end. */
  async exec(name: string, command: readonly string[]): Promise<string> {
    const exec = await this.client.getContainer(name).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
    const stream = await exec.start({ Tty: true });
    let said = "";
    stream.on("data", (text) => {
      said += text;
    });
    await finished(stream);
    return `${said.replaceAll("\r", "")}${(await exec.inspect()).ExitCode}`;
  }

  async #run(name: string, image: string, command: readonly string[], over: { network?: string; publish?: number } = {}): Promise<string> {
    const port = over.publish === undefined ? undefined : `${over.publish}/tcp`;
    const container = await this.client.createContainer({
      name,
      Image: image,
      Entrypoint: [],
      Cmd: [...command],
      // The first process of a container is not ended by SIGTERM.
      StopSignal: "SIGKILL",
      // The image's own labels name the installation that made it.
      Labels: { [LABELS.installation]: "", [LABELS.role]: "" },
      ...(port === undefined ? {} : { ExposedPorts: { [port]: {} } }),
      HostConfig: {
        ...(over.network === undefined ? {} : { NetworkMode: over.network }),
        ...(port === undefined ? {} : { PortBindings: { [port]: [{ HostPort: String(over.publish) }] } }),
      },
    });
    await this.startAgain(name);
    const { NetworkSettings } = await container.inspect();
    return Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? "";
  }

  #arguments(): string[] {
    const at = (name: string) => join(this.#folder, name);
    return [
      ...["--config-file", at("daemon.json"), "--data-root", at("data"), "--exec-root", at("exec")],
      ...["--host", `unix://${this.socketPath}`, "--pidfile", at("own.pid"), "--group", "root", "--containerd", at("containerd.sock")],
      ...(this.#user === undefined ? [] : ["--userns-remap", this.#user]),
    ];
  }

  #process(program: string, socket: string, args: readonly string[], mark: string): DaemonProcess {
    const at = (name: string) => join(this.#folder, name);
    const files = { program, pid: at(`${program}.pid`), log: at(`${program}.log`), socket: at(socket) };
    return new DaemonProcess(files, args, mark, systemClock);
  }
}

/** Writes the base images of an installation, and the persona image that stands on them, to `BASE_TAR`. */
export async function saveImages(socketPath: string, installation: string, image: string): Promise<void> {
  const label = [`${LABELS.installation}=${installation}`, `${LABELS.role}=base`];
  const bases = (await createEngineClient(socketPath).listImages({ filters: { label } })).flatMap(({ RepoTags }) => RepoTags ?? []);
  const tags = [...bases, image];
  const query = tags.map((tag) => `names=${encodeURIComponent(tag)}`).join("&");
  const asked = request({ socketPath, path: `/images/get?${query}`, agent: false });
  asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  await pipeline(answer, createWriteStream(BASE_TAR));
}

export async function loadImages(client: EngineClient): Promise<void> {
  const answer = await client.loadImage(createReadStream(BASE_TAR));
  answer.resume();
  await finished(answer);
}

/** Every rule of the machine's firewall that is not ours, without counters. */
async function foreignRules(): Promise<string[]> {
  const tables = (await runTool("nft", ["-s", "list", "ruleset"]))
    .split(/^(?=table )/m)
    .filter((table) => !/^table inet guise_/.test(table));
  return tables.flatMap((table) => table.split("\n")).filter((line) => !line.includes("guise-"));
}
