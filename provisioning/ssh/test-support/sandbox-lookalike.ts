import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, readFileSync } from "node:fs";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Channel } from "../../channel.ts";
import { type ChannelKeys, generateChannelKeys } from "../channel-keys.ts";
import { openSshChannel } from "../open-ssh-channel.ts";

const SCRIPT = fileURLToPath(new URL("sandbox-lookalike.sh", import.meta.url));
const INSIDE = fileURLToPath(new URL("../../inside/main", import.meta.url));
const UID = 20001;
const KEEPER = 20000;

/** Whether this machine can make one: root, namespaces, OpenSSH's server. */
export function canLookAlike(): boolean {
  try {
    accessSync("/usr/sbin/sshd");
  } catch {
    return false;
  }
  return process.getuid?.() === 0 && spawnSync("unshare", ["-m", "-p", "-n", "-f", "true"]).status === 0;
}

/** The real files of `inside/main` with the real OpenSSH, without an engine: namespaces of this machine instead of a container. */
export class SandboxLookalike implements AsyncDisposable {
  readonly #first: ChildProcess;
  readonly #pid: number;
  readonly #keys: ChannelKeys = generateChannelKeys();

  private constructor(first: ChildProcess, pid: number) {
    this.#first = first;
    this.#pid = pid;
  }

  static async start(): Promise<SandboxLookalike> {
    const first = spawn(
      "unshare",
      ["-m", "-p", "-n", "-f", "--mount-proc", "--kill-child", "sh", SCRIPT, INSIDE, String(UID), String(KEEPER)],
      {
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    const [line] = await Promise.race([once(first.stdout, "data"), once(first, "exit").then(() => ["it ended"])]);
    if (String(line) !== "ready\n") throw new Error(`no lookalike: ${line}`);
    const children = readFileSync(`/proc/${first.pid}/task/${first.pid}/children`, "utf8");
    return new SandboxLookalike(first, Number(children.trim()));
  }

  /** A fresh channel, over an sshd of its own. The first takes a personal layer along, of whose end is told to `said`. */
  async connect(layer?: Uint8Array, said?: (text: string) => void): Promise<Channel> {
    return openSshChannel({ duplex: this.program(["/usr/lib/guise/ssh", String(UID)], said), keys: this.#keys, layer });
  }

  /** Takes the identity out of the workspace's hands, as an engine driver does soon after a start. Resolves with what went wrong. */
  async keepIdentity(): Promise<string> {
    let said = "";
    const keeping = this.#enter(["/usr/lib/guise/keep-identity", String(UID)], KEEPER, ["ignore", "ignore", "pipe"]);
    keeping.stderr?.on("data", (chunk) => (said += String(chunk)));
    await once(keeping, "close");
    return said;
  }

  /** A program inside, as the workspace's uid; its standard streams as one, its standard error told to `said`. */
  program(command: readonly string[], said?: (text: string) => void): Duplex {
    const { stdin, stdout, stderr } = this.#enter(command, UID, ["pipe", "pipe", said === undefined ? "ignore" : "pipe"]);
    if (stdin === null || stdout === null) throw new Error("a program without standard streams");
    stdin.on("error", () => {});
    stderr?.on("data", (chunk) => said?.(String(chunk)));
    return Object.assign(Duplex.from({ readable: stdout, writable: stdin }), { allowHalfOpen: false });
  }

  #enter(command: readonly string[], uid: number, stdio: StdioOptions): ChildProcess {
    const enter = ["-t", String(this.#pid), "-m", "-p", "-n", "--wd=/", "setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
    return spawn("nsenter", [...enter, "--no-new-privs", "--", ...command], { stdio, env: { PATH: "/usr/bin:/bin" } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#first.stdin?.end();
    if (this.#first.exitCode === null) await once(this.#first, "exit");
  }
}
