import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/** The stock OpenSSH client, and what stands on it, with what `guise config-ssh` wrote. */
let world: World;
let home: string;
let id: string;
const OWN = "Host *\n  ServerAliveInterval 30\n";

beforeAll(async () => {
  world = await World.shared();
  await world.publish(tinyPersona({ persona_id: "remote", persona_name: "Remote", required_applications: ["git", "apt:rsync"] }));
  id = (await world.guise("request", "remote", "--no-launch")).stdout.trim();
  home = world.path("home");
  mkdirSync(join(home, ".ssh"), { recursive: true });
  writeFileSync(join(home, ".ssh", "config"), OWN);
  const written = await ran(process.execPath, [MAIN, "config-ssh"]);
  expect([written.exit, written.stderr]).toEqual([0, ""]);
});
afterAll(async () => {
  await world?.guise("release", "remote", "--with-home");
  await world?.close();
});

const MAIN = join(import.meta.dirname, "..", "..", "agent", "command", "main.ts");
const CONFIG = () => join(home, ".ssh", "config");

/** A program of the person's machine, with nothing of this one's. */
function ran(
  program: string,
  args: readonly string[],
  input = "",
): Promise<{ readonly exit: number | null; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: "/usr/bin:/bin", HOME: home, GUISE_CREDENTIALS: world.credentials("owner"), LC_ALL: "C" };
  const child = spawn(program, args, { env, stdio: "pipe" });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => resolve({ exit, ...said }));
  });
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const digestInside = async (path: string) => (await world.guise("exec", id, "--", "sha256sum", path)).stdout.split(" ")[0];

test("ssh runs commands, with input, exit code and the workspace's variables", async () => {
  expect(await ran("ssh", ["-F", CONFIG(), "guise-remote", "cat; echo $REPORT_REGION; exit 7"], "in\n")).toEqual({
    exit: 7,
    stdout: "in\nEU\n",
    stderr: "",
  });
  expect((await ran("ssh", ["-F", CONFIG(), "-tt", `guise-${id}`, "test -t 0 && echo terminal"])).stdout).toBe("terminal\r\n");
});

test("several at once each meet their own server", async () => {
  const all = await Promise.all(Array.from({ length: 4 }, (_, index) => ran("ssh", ["-F", CONFIG(), "guise-remote", `echo ${index}`])));
  expect(all.map(({ stdout }) => stdout)).toEqual(["0\n", "1\n", "2\n", "3\n"]);
});

test("scp, sftp and rsync carry files both ways", async () => {
  const content = randomBytes(3_000_000);
  writeFileSync(world.path("sent.bin"), content);
  expect(await ran("scp", ["-F", CONFIG(), "-q", world.path("sent.bin"), "guise-remote:by-scp.bin"])).toMatchObject({ exit: 0 });
  expect(await digestInside("/home/user/by-scp.bin")).toBe(digest(content));
  expect(await ran("scp", ["-F", CONFIG(), "-q", "guise-remote:by-scp.bin", world.path("back.bin")])).toMatchObject({ exit: 0 });
  expect(digest(readFileSync(world.path("back.bin")))).toBe(digest(content));
  const batch = `put ${world.path("sent.bin")} by-sftp.bin\nmkdir folder\nrename by-sftp.bin folder/moved.bin\n`;
  expect(await ran("sftp", ["-F", CONFIG(), "-q", "-b", "-", "guise-remote"], batch)).toMatchObject({ exit: 0 });
  expect(await digestInside("/home/user/folder/moved.bin")).toBe(digest(content));
  mkdirSync(world.path("tree/deep"), { recursive: true });
  writeFileSync(world.path("tree/deep/a.txt"), "a");
  expect(await ran("rsync", ["-a", "-e", `ssh -F ${CONFIG()}`, `${world.path("tree")}/`, "guise-remote:tree/"])).toMatchObject({
    exit: 0,
    stderr: "",
  });
  expect((await world.guise("exec", id, "--", "cat", "/home/user/tree/deep/a.txt")).stdout).toBe("a");
});

test("a port of this machine leads inside, as long as the client runs", async () => {
  const serving = world.begin("owner", "exec", id, "--", "perl", "-MIO::Socket::INET", "-e", SERVER);
  await serving.saw("listening");
  const forwarding = spawn("ssh", ["-F", CONFIG(), "-N", "-o", "ExitOnForwardFailure=yes", "-L", "17522:127.0.0.1:8022", "guise-remote"], {
    env: { PATH: "/usr/bin:/bin", HOME: home, GUISE_CREDENTIALS: world.credentials("owner") },
    stdio: "ignore",
  });
  try {
    await expect.poll(answer, { timeout: 20_000 }).toBe("from inside");
  } finally {
    forwarding.kill();
    serving.interrupt();
    await serving.ended;
  }
});

const SERVER =
  '$| = 1; my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1:8022", Listen => 5); print "listening\\n"; while (my $c = $s->accept) { print $c "from inside"; close $c }';

function answer(): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(17522, "127.0.0.1");
    socket.on("data", (bytes) => (said += String(bytes)));
    socket.on("error", () => resolve(""));
    socket.on("close", () => resolve(said));
  });
}

test("a paused workspace is resumed by who connects to it", async () => {
  await world.guise("exec", id, "--", "sh", "-c", "echo kept > ~/kept");
  await world.guise("suspend", "remote", "--yes");
  expect(await ran("ssh", ["-F", CONFIG(), "guise-remote", "cat kept"])).toMatchObject({ exit: 0, stdout: "kept\n" });
});

test("what is not there is said in a sentence, and a server that is another is refused", async () => {
  const none = await ran("ssh", ["-F", CONFIG(), "guise-nobody", "true"]);
  expect(none.exit).toBe(255);
  expect(none.stderr).toContain("nobody");
  const impostor = await ran("ssh", [
    "-F",
    CONFIG(),
    "-o",
    `UserKnownHostsFile=${world.file("other", `guise-remote ${OTHER}\n`)}`,
    "guise-remote",
    "true",
  ]);
  expect([impostor.exit, impostor.stderr]).toEqual([255, expect.stringContaining("Host key verification failed")]);
});

const OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbM2sVCeSgYSs4j0H5kP0Y1KzV8XqzLQ6O6h3Jq0c8k";

test("config-ssh keeps what was there, says so again without a change, and takes its block out", async () => {
  const once = readFileSync(CONFIG(), "utf8");
  expect(once.endsWith(`\n${OWN}`)).toBe(true);
  await ran(process.execPath, [MAIN, "config-ssh"]);
  expect(readFileSync(CONFIG(), "utf8")).toBe(once);
  const key = join(world.credentials("owner"), "..", "ssh", "id_ed25519");
  expect(statSync(key).mode & 0o077).toBe(0);
  await ran(process.execPath, [MAIN, "config-ssh", "--remove"]);
  expect(readFileSync(CONFIG(), "utf8")).toBe(OWN);
  await ran(process.execPath, [MAIN, "config-ssh"]);
});
