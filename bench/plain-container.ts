import { once } from "node:events";
import { PassThrough } from "node:stream";
import { openMirrors } from "#building";
import type { EngineClient } from "#drivers/docker";
import { buildVariables, layerFiles, setupScript } from "../provisioning/building/box/build-files.ts";
import { keyRings } from "../provisioning/building/box/key-rings.ts";
import type { HostMirrors } from "../provisioning/building/mirrors/host-mirrors.ts";
import { FETCH_UV } from "../provisioning/building/python/uv.ts";
import type { EngineContainer } from "../provisioning/drivers/docker/client.ts";
import { BUILD_LIMITS } from "../provisioning/drivers/docker/images/build/build-container.ts";

export interface PlainPackages {
  readonly apt: readonly string[];
  readonly pip: readonly string[];
}

export interface PlainSite {
  readonly client: EngineClient;
  /** The image that Guise's layers stand on, too. */
  readonly image: string;
  readonly mirrors: HostMirrors;
}

/** The same uv as in builds. */
const UV_VERSION = /uv-(\d+\.\d+\.\d+)-py3/.exec(FETCH_UV)?.[1] ?? "";
const NOBODY = { application: "plain", maker: "apt", target: "/", packages: [], address: "" } as const;
/** As Debian's images for containers are set, which is faster than apt's own way. */
const APT = "-q -y -o Acquire::Languages=none -o DPkg::Options::=--force-unsafe-io -o APT::Sandbox::User=root";
const PYTHON = ["python3", "python3-venv"];
const ENVIRONMENT = "/opt/plain";
const UV = "/run/uv";
/** Where packages come from, and a home on the disk: what is fetched is linked from there. */
const VARIABLES = ". /run/guise-build/variables; export HOME=/root";

/** A container of Guise's base image in which somebody installs packages by hand, as a Dockerfile has it, under the limits of a build. */
export class PlainContainer {
  readonly #client: EngineClient;
  readonly #container: EngineContainer;

  private constructor(client: EngineClient, container: EngineContainer) {
    this.#client = client;
    this.#container = container;
  }

  static async start({ client, image, mirrors }: PlainSite): Promise<PlainContainer> {
    const { hosts } = await openMirrors(mirrors.reach, mirrors.proxies);
    const container = await client.createContainer({
      Image: image,
      Entrypoint: [],
      Cmd: ["sleep", "infinity"],
      User: "0:0",
      HostConfig: {
        NetworkMode: "bridge",
        ExtraHosts: [...hosts],
        ...BUILD_LIMITS,
        Tmpfs: { "/tmp": "size=512m,mode=1777,exec", "/run": "size=256m,mode=755,exec" },
      },
    });
    const plain = new PlainContainer(client, container);
    try {
      await container.start();
      await plain.#run(setupScript(layerFiles(NOBODY, mirrors, await keyRings(mirrors)), buildVariables(NOBODY, mirrors)));
      await plain.#run(`${VARIABLES}
rm -f /etc/apt/sources.list.d/*; cp $B/sources.list /etc/apt/sources.list
sed 's/=/ "/; s/$/";/' $B/apt-options > /etc/apt/apt.conf.d/90host
echo "Acquire::https::CAInfo \\"$B/authorities.pem\\";" >> /etc/apt/apt.conf.d/90host`);
      return plain;
    } catch (error) {
      await plain.remove();
      throw error;
    }
  }

  /** The program uv as this container's pip brings it, to be handed to others. */
  async fetchUv(): Promise<Buffer> {
    await this.#install(PYTHON);
    await this.#run(`${VARIABLES}; python3 -m venv /root/tool; /root/tool/bin/pip -q install uv==${UV_VERSION}`);
    return this.#exec(["cat", "/root/tool/bin/uv"], "");
  }

  /** Somebody has uv at hand. */
  async carry(uv: Buffer): Promise<void> {
    await this.#exec(["bash", "-c", `cat > ${UV}; chmod 755 ${UV}`], uv);
  }

  async install({ apt, pip }: PlainPackages): Promise<void> {
    await this.#install([...(pip.length === 0 ? [] : PYTHON), ...apt]);
    if (pip.length === 0) return;
    await this.#run(`${VARIABLES}; cd /root
${UV} -q --no-config venv --python /usr/bin/python3 ${ENVIRONMENT}
${UV} -q --no-config pip install --python ${ENVIRONMENT}/bin/python --default-index "$PIP_INDEX_URL" ${pip.map((name) => `'${name}'`).join(" ")}`);
  }

  /** What the first start of each program does otherwise, for nobody can write to an image. */
  async compile(): Promise<void> {
    await this.#run(`python3 -I -S -m compileall -q -j 2 ${ENVIRONMENT}/lib/python3*/site-packages || :`);
  }

  /** What makes an image of it, which goes again. */
  async keep(): Promise<void> {
    const { Id } = (await this.#container.commit({ pause: true })) as { readonly Id: string };
    await this.#client.getImage(Id).remove();
  }

  /** With its image, without what was fetched. */
  async bytes(): Promise<number> {
    await this.#run(`rm -rf /root/.cache /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/cache/apt/*.bin`);
    const [listed] = await this.#client.listContainers({ all: true, size: true, filters: { id: [this.#container.id] } } as object);
    return (listed as unknown as { readonly SizeRootFs: number }).SizeRootFs;
  }

  remove(): Promise<void> {
    return this.#container.remove({ force: true, v: true });
  }

  async #install(packages: readonly string[]): Promise<void> {
    await this.#run(`${VARIABLES}
apt-get ${APT} update >/dev/null </dev/null
apt-get ${APT} install --no-install-recommends -- ${packages.join(" ")} >/dev/null </dev/null`);
  }

  /** Rejects with its complaints. */
  async #run(script: string): Promise<void> {
    await this.#exec(["bash", "-euo", "pipefail", "-s"], script);
  }

  async #exec(Cmd: string[], input: string | Buffer): Promise<Buffer> {
    const exec = await this.#container.exec({ Cmd, User: "0:0", AttachStdin: true, AttachStdout: true, AttachStderr: true });
    const raw = await exec.start({ hijack: true, stdin: true });
    const [said, complaints] = [new PassThrough(), new PassThrough()];
    const [words, faults] = [collected(said), collected(complaints)];
    this.#client.modem.demuxStream(raw, said, complaints);
    raw.end(input);
    await once(raw, "close");
    said.end();
    complaints.end();
    const { ExitCode } = await exec.inspect();
    if (ExitCode !== 0) throw new Error(`a plain container: ${String(await faults).slice(-1000)}`);
    return words;
  }
}

async function collected(stream: PassThrough): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
