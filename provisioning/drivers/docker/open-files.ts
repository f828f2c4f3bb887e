import { readFile } from "node:fs/promises";

/** Files that one process of a workspace may have open: what a database, a file watcher or a build of a thousand modules needs. */
const WANTED = 65_536;
/** What every engine may give. */
const ANYWHERE = 8_192;
/** `CAP_SYS_RESOURCE` in the kernel's mask: whoever has it gives more than it has. */
const SYS_RESOURCE = 1n << 24n;

/**
 * What an engine of ours, which inherits our own limits, may give a process: more makes every start fail. `limits` and `status` are those of
 * /proc/PID. Pure.
 */
export function openFilesOf(limits: string, status: string): number {
  const hard = /^Max open files +\d+ +(\d+)/m.exec(limits)?.[1];
  const capabilities = /^CapEff:\t([0-9a-f]{1,16})$/m.exec(status)?.[1];
  const mayRaise = capabilities !== undefined && (BigInt(`0x${capabilities}`) & SYS_RESOURCE) !== 0n;
  if (mayRaise) return WANTED;
  return hard === undefined ? ANYWHERE : Math.min(WANTED, Number(hard));
}

/** Files that a process of a workspace may have open here. Of somebody else's engine it is not known what it may give. */
export async function openFiles(isOwnEngine: boolean): Promise<number> {
  if (!isOwnEngine) return ANYWHERE;
  const [limits, status] = await Promise.all(["limits", "status"].map((name) => readFile(`/proc/self/${name}`, "utf8").catch(() => "")));
  return openFilesOf(limits ?? "", status ?? "");
}
