import { execFile } from "node:child_process";

/** Programs of the host are asked in system folders only, in one language. */
const VARIABLES = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" } as const;

/** What a program of this machine says; nothing where it is missing or fails. `path` where the caller knows another place for it. */
export function askTool(program: string, args: readonly string[], path: string = VARIABLES.PATH): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...VARIABLES, PATH: path };
    execFile(program, args, { env, maxBuffer: 16 * 2 ** 20 }, (_error, stdout) => resolve(stdout));
  });
}
