import { execFile } from "node:child_process";
import { codeOf } from "#foundation";
import { EngineError } from "./engine-errors.ts";
import { type ToolResult, ToolShells } from "./tool-shells.ts";

/** What to type when a program is missing, by the Debian package that brings it. */
const PACKAGES: Readonly<Record<string, string>> = {
  dockerd: "docker.io",
  containerd: "containerd",
  runc: "runc",
  nft: "nftables",
  ip: "iproute2",
  useradd: "passwd",
  usermod: "passwd",
  userdel: "passwd",
  umount: "mount",
  nsenter: "util-linux",
  mmdebstrap: "mmdebstrap",
};

/** Programs run with this, whatever the caller's own environment is: system folders only, messages in one language. */
export const TOOL_VARIABLES = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" } as const;

const shells = new ToolShells(TOOL_VARIABLES);

/** Runs a program to its end, whatever its exit code. Rejects `tool_missing` with what to type. */
export async function tryTool(program: string, args: readonly string[], input?: string): Promise<ToolResult> {
  const result = input === undefined ? await shells.run(program, args) : await runWithInput(program, args, input);
  if (result === undefined) throw toolMissing(program);
  return result;
}

function runWithInput(program: string, args: readonly string[], input: string): Promise<ToolResult | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: TOOL_VARIABLES, maxBuffer: 16 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error !== null && codeOf(error) === "ENOENT") resolve(undefined);
      else resolve({ exit: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/** Runs a program that must succeed. Rejects `tool_missing`, or `kernel_lacks` with what it said. */
export async function runTool(program: string, args: readonly string[], input?: string): Promise<string> {
  const { exit, stdout, stderr } = await tryTool(program, args, input);
  if (exit !== 0) {
    const said = stderr.trim().split("\n").slice(-4).join("; ");
    throw new EngineError("kernel_lacks", `${program} ${args.slice(0, 3).join(" ")} failed: ${said}`, { detail: { args, exit } });
  }
  return stdout;
}

export function toolMissing(program: string): EngineError {
  return new EngineError("tool_missing", `${program} is not installed. Type: apt-get install ${PACKAGES[program] ?? program}`);
}
