import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { addressApart, machineApart } from "./machine-apart.fixture.ts";

/** A place that the hostile package tries to reach. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface HostileRegistry {
  readonly url: string;
  /** Once somebody has asked for it. */
  asked(path: string): Promise<void>;
  close(): Promise<void>;
}

const NETWORK = 77;
const PORT = 8099;

/** The same as `steal`, in Python, for a source's build. */
export function stealInPython(targets: readonly Target[]): string {
  return `import socket
def steal():
    for name, host, port in ${JSON.stringify([...targets, REGISTRY].map(({ name, host, port }) => [name, host, port]))}:
        try:
            socket.create_connection((host, port), 3).close()
            print("EVIL", name, "open", flush=True)
        except OSError: print("EVIL", name, "closed", flush=True)
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("8.8.8.8", 53))
        print("EVIL udp sent", flush=True)
    except OSError: print("EVIL udp refused", flush=True)
`;
}

/** The registry itself, for whoever asks whether it can still be reached. */
export const REGISTRY: Target = { name: "registry", host: addressApart(NETWORK), port: PORT };

/** What the registry has, each called `evil`. */
export interface HostilePackages {
  /** An npm package: Node runs this when it is installed. */
  readonly npm?: string;
  /** A Python source: this is the module that it is built by (PEP 517). */
  readonly python?: string;
  /** Where else a Python package is sent to. */
  readonly index?: string;
  /** Where all of npm that it does not have is sent to. */
  readonly registry?: string;
  /** What it answers at further paths. */
  readonly answers?: RegistryAnswers;
}

/** By path. */
export type RegistryAnswers = Readonly<Record<string, RegistryAnswer>>;

export interface RegistryAnswer {
  readonly type: string;
  readonly body: Buffer | string;
  /** `cut`: the connection ends in the middle; `stalls`: nothing comes after the middle; `endless`: it goes on with zeros, as far as 2 GiB. */
  readonly how?: "cut" | "stalls" | "endless";
}

/** A registry of npm and Python on a machine of its own (a network namespace). */
export async function hostileRegistry({
  npm = "",
  python = "",
  index = "",
  registry = "",
  answers = {},
}: HostilePackages): Promise<HostileRegistry> {
  const folder = await mkdtemp("/var/tmp/guise-evil-");
  const tarball = await pack(folder, npm);
  const source = await packSource(folder, python);
  const list = Object.entries(answers).map(([path, { body, ...answer }]) => [
    path,
    { ...answer, body: Buffer.from(body).toString("base64") },
  ]);
  await writeFile(join(folder, "answers.json"), JSON.stringify(Object.fromEntries(list)));
  const files = [tarball, source, index, join(folder, "answers.json"), registry.replace(/\/$/, "")];
  const machine = await machineApart(NETWORK, join(folder, "server.mjs"), files);
  const asked = new Set<string>();
  const lines = createInterface({ input: machine.says }).on("line", (path) => asked.add(path));
  return {
    url: `http://${REGISTRY.host}:${PORT}`,
    async asked(path) {
      while (!asked.has(path)) await once(lines, "line");
    },
    async close() {
      await machine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function pack(folder: string, script: string): Promise<string> {
  execFileSync("mkdir", [join(folder, "package")]);
  const manifest = { name: "evil", version: "1.0.0", bin: { evil: "steal.cjs" }, scripts: { postinstall: "node steal.cjs" } };
  await writeFile(join(folder, "package", "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "package", "steal.cjs"), `#!/usr/bin/env node\n${script}`);
  await writeFile(join(folder, "server.mjs"), SERVER);
  const tarball = join(folder, "evil.tgz");
  execFileSync("tar", ["-czf", tarball, "-C", folder, "package"]);
  return tarball;
}

async function packSource(folder: string, backend: string): Promise<string> {
  execFileSync("mkdir", [join(folder, "evil-1.0")]);
  const settings = '[build-system]\nrequires = []\nbuild-backend = "evil_backend"\nbackend-path = ["."]\n';
  await writeFile(join(folder, "evil-1.0", "pyproject.toml"), settings);
  await writeFile(join(folder, "evil-1.0", "evil_backend.py"), backend);
  const source = join(folder, "evil-1.0.tar.gz");
  execFileSync("tar", ["-czf", source, "-C", folder, "evil-1.0"]);
  return source;
}

/** Tries every target, the registry that it came from, and a datagram, and says what it reached. */
export function steal(targets: readonly Target[]): string {
  return `const net = require("node:net");
for (const { name, host, port } of ${JSON.stringify([...targets, REGISTRY])}) {
  const socket = net.connect({ host, port, timeout: 3000 });
  let said = false;
  const say = (word) => { if (!said) { said = true; console.log("EVIL " + name + " " + word); socket.destroy(); } };
  socket.on("connect", () => say("open")).on("timeout", () => say("closed")).on("error", () => say("closed"));
}
const datagram = require("node:dgram").createSocket("udp4");
datagram.send("x", 53, "8.8.8.8", (error) => { console.log("EVIL udp " + (error ? "refused" : "sent")); datagram.close(); });
`;
}

const SERVER = `import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
const [tarball, source] = process.argv.slice(2, 4).map((path) => readFileSync(path));
const [index, , registry] = process.argv.slice(4);
const answers = JSON.parse(readFileSync(process.argv[5], "utf8"));
const LARGE = 2 ** 31;
function give(method, answer, { type, body, how }) {
  const bytes = Buffer.from(body, "base64");
  answer.setHeader("content-type", type);
  if (how === undefined) return answer.end(bytes);
  answer.setHeader("content-length", how === "endless" ? LARGE : bytes.length);
  if (method === "HEAD") return answer.end();
  if (how !== "endless") return answer.write(bytes.subarray(0, bytes.length / 2), () => how === "cut" && answer.destroy());
  let left = LARGE;
  const zeros = Buffer.alloc(2 ** 20);
  const more = () => {
    while (left > 0 && !answer.destroyed) { left -= zeros.length; if (!answer.write(zeros)) return answer.once("drain", more); }
    answer.end();
  };
  more();
}
const integrity = "sha512-" + createHash("sha512").update(tarball).digest("base64");
createServer((request, answer) => {
  if (request.method === "GET") console.log(request.url);
  if (answers[request.url] !== undefined) give(request.method, answer, answers[request.url]);
  else if (request.url === "/evil") {
    const version = { name: "evil", version: "1.0.0", bin: { evil: "steal.cjs" }, hasInstallScript: true,
      dist: { tarball: "http://" + request.headers.host + "/evil/-/evil-1.0.0.tgz", integrity } };
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ name: "evil", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } }));
  } else if (request.url === "/simple/evil/") {
    const digest = createHash("sha256").update(source).digest("hex");
    answer.setHeader("content-type", "text/html");
    answer.end('<a href="/evil-1.0.tar.gz#sha256=' + digest + '">evil-1.0.tar.gz</a>');
  } else if (request.url === "/evil-1.0.tar.gz") answer.end(source);
  else if (request.url.startsWith("/simple/")) answer.writeHead(302, { location: index + request.url.slice(7) }).end();
  else if (request.url === "/evil/-/evil-1.0.0.tgz") answer.end(tarball);
  else if (registry !== "") answer.writeHead(302, { location: registry + request.url }).end();
  else { answer.statusCode = 404; answer.end("{}"); }
}).listen(${PORT}, "0.0.0.0", () => console.log("listening"));
`;
