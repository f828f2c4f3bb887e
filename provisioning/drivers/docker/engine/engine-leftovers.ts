import { readdir, readFile, rm, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "#foundation";
import { EngineError } from "./engine-errors.ts";
import { engineRequest } from "./engine-request.ts";
import { processesWith, signalProcess, untilEnded } from "./process-life.ts";
import { tryTool } from "./run-tool.ts";

const containersSchema = z.array(z.object({ Id: z.string() }));
const SHIM = "containerd-shim";

/** Removes every container of an engine that is ours alone. Live-restore would leave them running after its end. */
export async function removeContainers(socketPath: string): Promise<void> {
  const { body } = await engineRequest(socketPath, "GET", "/containers/json?all=1");
  const containers = containersSchema.parse(JSON.parse(body));
  for (const { Id } of containers) {
    const { status, body: answer } = await engineRequest(socketPath, "DELETE", `/containers/${Id}?force=1&v=1`);
    if (status >= 400 && status !== 404 && status !== 409) {
      throw new EngineError("engine_failed", `A container could not be removed: ${answer.slice(0, 300)}`);
    }
  }
}

/** Containers whose engine has gone run on below their shims. */
export async function shimsOf(containerdSocket: string): Promise<number[]> {
  return processesWith(SHIM, containerdSocket);
}

export async function endShims(containerdSocket: string, clock: Clock): Promise<void> {
  for (const pid of await shimsOf(containerdSocket)) signalProcess(pid, "SIGKILL");
  await untilEnded(async () => (await shimsOf(containerdSocket)).length > 0, clock, 5_000);
}

/** Undoes mounts at or below `folder`, innermost first. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const target of mountsBelow(await readFile("/proc/self/mounts", "utf8"), folder)) {
    const { exit } = await tryTool("umount", [target]);
    if (exit !== 0) await tryTool("umount", ["--lazy", target]);
  }
}

/** Mount points at or below `folder`, innermost first; the kernel writes spaces and the like as octal. */
export function mountsBelow(mounts: string, folder: string): string[] {
  const plain = (text: string) => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return mounts
    .split("\n")
    .map((line) => plain(line.split(" ")[1] ?? ""))
    .filter((target) => target === folder || target.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
}

/** Control groups of ours that are empty by now, in every hierarchy. */
export async function removeControlGroups(parent: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const hierarchies = await readdir(root, { withFileTypes: true }).catch(() => []);
  const bases = [root, ...hierarchies.filter((entry) => entry.isDirectory()).map((entry) => join(root, entry.name))];
  for (const base of bases) await removeGroup(join(base, parent));
}

async function removeGroup(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  await rmdir(folder).catch(() => undefined);
}

export async function removeFiles(...files: readonly string[]): Promise<void> {
  for (const file of files) await unlink(file).catch(() => undefined);
}

/**
 * What the engine wrote down of its networks, below its data folder (one folder for each remap range). With live-restore it puts
 * the written address back on the bridge, whatever it is started with. Only while it is down, and no container lives.
 */
export async function forgetNetworks(data: string): Promise<void> {
  const ranges = await readdir(data).catch(() => []);
  for (const range of ["", ...ranges]) await rm(join(data, range, "network", "files"), { recursive: true, force: true });
}
