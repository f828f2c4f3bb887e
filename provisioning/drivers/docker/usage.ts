import { statfs } from "node:fs/promises";
import { type Handle, ProvisioningError, type UsagePower } from "#provisioning";
import { groupsOf, readGroup } from "./control-group.ts";
import type { EngineContext } from "./engine-context.ts";
import { translated, unlessAbsent } from "./engine-errors.ts";
import { readNetwork } from "./network-counters.ts";
import { readHandle } from "./sandbox-handle.ts";
import { SandboxProcesses } from "./sandbox-processes.ts";
import type { HomeStore } from "./storage/home-store.ts";

/** Reads counters from the kernel; the engine is asked only once for each sandbox, for the process to look at. */
export class DockerUsage implements UsagePower {
  readonly #context: EngineContext;
  readonly #homes: HomeStore;
  readonly #processes = new Map<string, SandboxProcesses>();
  readonly #pids = new Map<string, { readonly pid: number; readonly id: string }>();

  constructor(context: EngineContext, homes: HomeStore) {
    this.#context = context;
    this.#homes = homes;
  }

  async sample(handle: Handle) {
    const { main } = readHandle(handle);
    const { pid, id } = this.#pids.get(main) ?? (await this.#find(main));
    try {
      const groups = groupsOf(pid, id);
      const counters = readGroup(groups);
      const storage = this.#homes.bytesTaken(handle.home);
      return { ...counters, storage, ...readNetwork(pid), processes: this.#processesOf(main).look(groups, counters) };
    } catch (cause) {
      this.forget(main);
      throw new ProvisioningError("sandbox_gone", "the sandbox has ended", { cause });
    }
  }

  /** Of the file system as the engine mounted it on the host: nothing in it is opened. */
  async homeRoom({ home }: Handle) {
    const target = await this.#homes.mountPoint(home);
    if (target === undefined) return undefined;
    // what ext4 keeps back for itself is nobody's to write into
    const { blocks, bavail, bsize, files, ffree } = await statfs(target);
    return { bytes: { used: (blocks - bavail) * bsize, of: blocks * bsize }, files: { used: files - ffree, of: files } };
  }

  forget(main: string): void {
    this.#pids.delete(main);
    this.#processes.delete(main);
  }

  #processesOf(main: string): SandboxProcesses {
    const known = this.#processes.get(main) ?? new SandboxProcesses();
    this.#processes.set(main, known);
    return known;
  }

  async #find(main: string): Promise<{ readonly pid: number; readonly id: string }> {
    const found = await translated("sandbox_gone", "the sandbox is gone", () =>
      unlessAbsent(this.#context.client.getContainer(main).inspect()),
    );
    if (found === undefined || found.State.Pid === 0) throw new ProvisioningError("sandbox_gone", "the sandbox is gone");
    const process = { pid: found.State.Pid, id: found.Id };
    this.#pids.set(main, process);
    return process;
  }
}
