import { spawn, spawnSync } from "node:child_process";
import { CodedError } from "#foundation";

export interface AptReport {
  progress(message: string, percent: number | undefined): void;
}

/** Where apt writes its status lines. Never 1: apt then closes the standard output of the packages' scripts, and those that print fail. */
const STATUS_DESCRIPTOR = 3;
/** Lines of what apt said that an error repeats. */
const TOLD_LINES = 6;

/** Installs Debian packages; told in percent by apt's status lines. Rejects `packages_not_installed` with what apt said last. */
export async function aptInstall(packages: readonly string[], report: AptReport): Promise<void> {
  report.progress("reading package lists", 0);
  await apt(["update", "-q"], packages, () => {});
  const options = [`APT::Status-Fd=${STATUS_DESCRIPTOR}`, "Dpkg::Use-Pty=0", "DPkg::Lock::Timeout=300"].flatMap((option) => ["-o", option]);
  await apt(["install", "-y", "-q", "--no-install-recommends", ...options, "--", ...packages], packages, (line) => {
    const status = statusOf(line);
    if (status !== undefined) report.progress(status.message, status.percent);
  });
}

/** A line of `APT::Status-Fd`: fetching is the first third of the way. */
export function statusOf(line: string): { readonly message: string; readonly percent: number } | undefined {
  const [, kind, percent, message] = /^(dlstatus|pmstatus):[^:]*:([\d.]+):(.*)$/.exec(line) ?? [];
  if (kind === undefined) return undefined;
  const share = Number(percent);
  return { message: message ?? "", percent: Math.round(kind === "dlstatus" ? share * 0.3 : 30 + share * 0.7) };
}

/** Whether another package installation holds apt's lock now. */
export function aptIsLocked(): boolean {
  const tried = spawnSync("flock", ["--nonblock", "/var/lib/dpkg/lock-frontend", "true"]);
  return tried.status !== 0 && tried.error === undefined;
}

function apt(args: readonly string[], packages: readonly string[], onStatus: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const said: string[] = [];
    const keep = (line: string) => {
      if (line.trim() !== "") said.push(line);
      if (said.length > 200) said.shift();
    };
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, keep);
    eachLine(child.stdio[STATUS_DESCRIPTOR] as NodeJS.ReadableStream, onStatus);
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(refusal(args[0] ?? "", code, packages, said))));
  });
}

function refusal(verb: string, code: number | null, packages: readonly string[], said: readonly string[]): CodedError {
  const told = said.slice(-TOLD_LINES).map((line) => `  ${line}`);
  const lines = [
    `apt-get ${verb} ended with ${code}; it said last:`,
    ...told,
    `try: apt-get install ${packages.join(" ")}, then this again`,
  ];
  return new CodedError("packages_not_installed", lines.join("\n"));
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
