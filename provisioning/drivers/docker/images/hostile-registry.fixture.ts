import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TEST_SLOT } from "../test-support/test-slot.ts";

/** A place that the hostile package tries to reach. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export interface HostileRegistry {
  readonly url: string;
  close(): Promise<void>;
}

const ADDRESS = `10.77.77.${TEST_SLOT.number * 4 + 2}`;
const HOST_SIDE = `10.77.77.${TEST_SLOT.number * 4 + 1}`;
const DEVICE = `guise-evil${TEST_SLOT.number}`;
const PORT = 8099;

/** The registry itself, for whoever asks whether it can still be reached. */
export const REGISTRY: Target = { name: "registry", host: ADDRESS, port: PORT };

/** An npm registry on a machine of its own (a network namespace), with one package, `evil`: Node runs `script` when it is installed. */
export async function hostileRegistry(script: string): Promise<HostileRegistry> {
  const space = `guise-evil-${process.pid}`;
  const folder = await mkdtemp("/var/tmp/guise-evil-");
  const tarball = await pack(folder, script);
  const ip = (...args: readonly string[]) => execFileSync("ip", args);
  ip("netns", "add", space);
  ip("link", "add", DEVICE, "type", "veth", "peer", "name", "eth0", "netns", space);
  ip("address", "add", `${HOST_SIDE}/30`, "dev", DEVICE);
  ip("link", "set", DEVICE, "up");
  ip("-n", space, "address", "add", `${ADDRESS}/30`, "dev", "eth0");
  ip("-n", space, "link", "set", "eth0", "up");
  ip("-n", space, "route", "add", "default", "via", HOST_SIDE);
  const server = spawn("ip", ["netns", "exec", space, process.execPath, join(folder, "server.mjs"), tarball], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout, "data");
  return {
    url: `http://${ADDRESS}:${PORT}`,
    async close() {
      server.kill("SIGKILL");
      await once(server, "close");
      ip("netns", "delete", space);
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
const tarball = readFileSync(process.argv[2]);
const integrity = "sha512-" + createHash("sha512").update(tarball).digest("base64");
createServer((request, answer) => {
  if (request.url === "/evil") {
    const version = { name: "evil", version: "1.0.0", bin: { evil: "steal.cjs" }, hasInstallScript: true,
      dist: { tarball: "http://" + request.headers.host + "/evil/-/evil-1.0.0.tgz", integrity } };
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ name: "evil", "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": version } }));
  } else if (request.url.endsWith(".tgz")) answer.end(tarball);
  else { answer.statusCode = 404; answer.end("{}"); }
}).listen(${PORT}, "0.0.0.0", () => console.log("listening"));
`;
