import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program that the product runs on the host, and the Debian package that brings it. */
export interface SystemNeed {
  readonly program: string;
  readonly package: string;
  readonly for: string;
}

/** What Guise needs of the host to run its own engine. */
export const ENGINE_NEEDS: readonly SystemNeed[] = [
  { program: "dockerd", package: "docker.io", for: "the container engine" },
  { program: "containerd", package: "containerd", for: "the container engine" },
  { program: "mmdebstrap", package: "mmdebstrap", for: "the base images" },
  { program: "nft", package: "nftables", for: "network rules" },
  { program: "ip", package: "iproute2", for: "the bridge" },
  { program: "tc", package: "iproute2", for: "bandwidth" },
  { program: "mkfs.ext4", package: "e2fsprogs", for: "homes with a hard limit" },
  { program: "debugfs", package: "e2fsprogs", for: "homes with a hard limit" },
  { program: "losetup", package: "util-linux", for: "homes with a hard limit" },
  { program: "pip3", package: "python3-pip", for: "the address of pip's own index" },
  { program: "newuidmap", package: "uidmap", for: "the engine's user namespace" },
];

/** What the tests need beside that: a real SSH server for the channel, terminals and PostgreSQL's client and server for psql. */
export const TEST_NEEDS: readonly SystemNeed[] = [
  { program: "sshd", package: "openssh-server", for: "tests of the channel" },
  { program: "dtach", package: "dtach", for: "tests of launching" },
  { program: "tmux", package: "tmux", for: "tests of terminals" },
];

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

export function missingOf(needs: readonly SystemNeed[], exists: (path: string) => boolean = existsSync): readonly SystemNeed[] {
  return needs.filter(({ program }) => !FOLDERS.some((folder) => exists(`${folder}/${program}`)));
}

export interface InstallReport {
  progress(message: string, percent: number | undefined): void;
}

/** Installs Debian packages; told in percent by apt's status lines. Rejects with what apt said last. */
export async function installSystemPackages(packages: readonly string[], report: InstallReport): Promise<void> {
  report.progress("reading package lists", 0);
  await apt(["update", "-q"], () => {});
  await apt(
    [
      "install",
      "-y",
      "-q",
      "--no-install-recommends",
      "-o",
      "APT::Status-Fd=1",
      "-o",
      "Dpkg::Use-Pty=0",
      "-o",
      "DPkg::Lock::Timeout=300",
      "--",
      ...packages,
    ],
    (line) => {
      const status = /^(dlstatus|pmstatus):[^:]*:([\d.]+):(.*)$/.exec(line);
      if (status === null) return;
      const share = Number(status[2]);
      report.progress(status[3] ?? "", Math.round(status[1] === "dlstatus" ? share * 0.3 : 30 + share * 0.7));
    },
  );
}

function apt(args: readonly string[], onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let rest = "";
    let last = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      last = (last + text).slice(-2000);
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`apt-get ${args[0]} ended with ${code}: ${last.trim().split("\n").slice(-3).join(" / ")}`)),
    );
  });
}

/** Whether another package installation holds apt's lock now. */
export function aptIsLocked(): boolean {
  const tried = spawnSync("flock", ["--nonblock", "/var/lib/dpkg/lock-frontend", "true"]);
  return tried.status !== 0 && tried.error === undefined;
}
