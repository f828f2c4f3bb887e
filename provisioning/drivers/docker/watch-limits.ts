import { readFile, readlink, writeFile } from "node:fs/promises";
import { ProvisioningError } from "#provisioning";
import { tryTool } from "./engine/run-tool.ts";

/** Of one container: an editor watches a tree of 60,000 files whole, and no program has more than a few instances. */
const WATCHES = 65_536;
const INSTANCES = 256;
/** Of the machine at least: both are counted in the memory of who has them, so these hold nobody back but who has none of his own. */
const MACHINE_WATCHES = 2 ** 22;
const MACHINE_INSTANCES = 2 ** 16;

/** The same numbers twice: of the machine's own namespace here, which root may write without further capabilities. */
const MACHINE = "/proc/sys/fs/inotify";
const FOLDER = "/proc/sys/user";
const OWN_NAMESPACE = "/proc/self/ns/user";

/**
 * File watches are counted for each user namespace, and again for who made it: root, for all containers. As the kernel has it the 128 instances
 * of root are gone when one workspace takes them. The machine's are raised, never lowered; false where it does not let us.
 */
export async function raiseWatchLimits(): Promise<boolean> {
  const raised = await Promise.all([
    raise(`${MACHINE}/max_user_watches`, MACHINE_WATCHES),
    raise(`${MACHINE}/max_user_instances`, MACHINE_INSTANCES),
  ]);
  return raised.every((one) => one);
}

async function raise(file: string, least: number): Promise<boolean> {
  try {
    if (Number(await readFile(file, "utf8")) < least) await writeFile(file, `${least}\n`);
    return true;
  } catch {
    return false;
  }
}

/** As root of the container, who may set bounds for it and nothing else. Where the process is in another user namespace than ours: the numbers are those of the namespace that writes them. */
const BOUND = `[ "$(readlink ${OWN_NAMESPACE})" != "$0" ] || exit 0
echo ${WATCHES} > ${FOLDER}/max_inotify_watches && echo ${INSTANCES} > ${FOLDER}/max_inotify_instances`;

/** Gives the container of this process bounds of its own. Nothing where it shares our user namespace. Rejects `start_failed`. */
export async function boundWatches(pid: number): Promise<void> {
  const own = await readlink(OWN_NAMESPACE);
  // On an engine that remaps nobody there is nothing to enter; that its containers share the machine's root is told as a weakness.
  if ((await readlink(`/proc/${pid}/ns/user`).catch(() => undefined)) === own) return;
  const entering = ["--user", `--target=${pid}`, "--setuid=0", "--setgid=0", "sh", "-c", BOUND, own];
  const { exit, stderr } = await tryTool("nsenter", entering);
  if (exit !== 0)
    throw new ProvisioningError("start_failed", `the container's file watches could not be bounded: ${stderr.trim().slice(-200)}`);
}
