import { statfs } from "node:fs/promises";
import { type Handle, ProvisioningError, type UsagePower } from "#provisioning";
import { type ControlGroups, groupsOf, readGroup } from "./control-group.ts";
import type { EngineContext } from "./engine-context.ts";
import { translated, unlessAbsent } from "./engine-errors.ts";
import { readNetwork } from "./network-counters.ts";
import { readHandle } from "./sandbox-handle.ts";
import { SandboxProcesses } from "./sandbox-processes.ts";
import type { HomeStore } from "./storage/home-store.ts";

interface Found {
  readonly pid: number;
  readonly groups: ControlGroups;
}

/** Reads counters from the kernel; the engine is asked only once for each sandbox, for the process to look at. */
export class DockerUsage implements UsagePower {
  readonly #context: EngineContext;
  readonly #homes: HomeStore;
  readonly #processes = new Map<string, SandboxProcesses>();
  readonly #found = new Map<string, Found>();

  constructor(context: EngineContext, homes: HomeStore) {
    this.#context = context;
    this.#homes = homes;
  }

  async sample(handle: Handle) {
    const { main } = readHandle(handle);
    const { pid, groups } = this.#found.get(main) ?? (await this.#find(main));
    try {
      // A control group ends with its container: while it is still there afterwards, the number was still that of its first process.
      const network = readNetwork(pid);
      const counters = readGroup(groups);
      const storage = this.#homes.bytesTaken(handle.home);
      return { ...counters, storage, ...network, processes: this.#processesOf(main).look(groups, counters) };
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
    this.#found.delete(main);
    this.#processes.delete(main);
  }

  #processesOf(main: string): SandboxProcesses {
    const known = this.#processes.get(main) ?? new SandboxProcesses();
    this.#processes.set(main, known);
    return known;
  }

  async #find(main: string): Promise<Found> {
    const there = await translated("sandbox_gone", "the sandbox is gone", () =>
      unlessAbsent(this.#context.client.getContainer(main).inspect()),
    );
    if (there === undefined || there.State.Pid === 0) throw new ProvisioningError("sandbox_gone", "the sandbox is gone");
    const pid = there.State.Pid;
    try {
      const found = { pid, groups: groupsOf(pid, there.Id) };
      this.#found.set(main, found);
      return found;
    } catch (cause) {
      throw new ProvisioningError("sandbox_gone", "the sandbox has ended", { cause });
    }
  }
}
