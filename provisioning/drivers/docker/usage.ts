import { type Handle, ProvisioningError, type UsagePower } from "#provisioning";
import { DROPPED_ORDER, parseDropped } from "./dropped-packets.ts";
import type { EngineContext } from "./engine-context.ts";
import { promptly, translated, unlessAbsent } from "./engine-errors.ts";
import { runInGuard } from "./guard-exec.ts";
import type { SandboxReader } from "./reading/sandbox-reader.ts";
import { readHandle } from "./sandbox-handle.ts";
import type { HomeStore } from "./storage/home-store.ts";

interface Found {
  readonly container: string;
  readonly pid: number;
}

/** What the kernel counts, by way of the reader; the engine is asked only once for each sandbox, for the process to look at. */
export class DockerUsage implements UsagePower {
  readonly #context: EngineContext;
  readonly #homes: HomeStore;
  readonly #reader: SandboxReader;
  readonly #found = new Map<string, Found>();

  constructor(context: EngineContext, homes: HomeStore, reader: SandboxReader) {
    this.#context = context;
    this.#homes = homes;
    this.#reader = reader;
  }

  async sample(handle: Handle) {
    const { main } = readHandle(handle);
    const found = this.#found.get(main) ?? (await this.#find(main));
    try {
      return await this.#reader.ask(main, "sample", { ...found, homeImage: this.#homes.imageOf(handle.home) });
    } catch (error) {
      this.forget(main);
      throw error;
    }
  }

  async homeRoom(handle: Handle) {
    return (await this.#reader.ask(readHandle(handle).main, "homeRoom", this.#homes.imageOf(handle.home))) ?? undefined;
  }

  async limits(handle: Handle) {
    const { main } = readHandle(handle);
    return this.#reader.ask(main, "limits", this.#found.get(main) ?? (await this.#find(main)));
  }

  async dropped(handle: Handle) {
    return parseDropped(await runInGuard(this.#context, readHandle(handle).guard, DROPPED_ORDER));
  }

  forget(main: string): void {
    this.#found.delete(main);
  }

  async #find(main: string): Promise<Found> {
    const there = await translated("sandbox_gone", "the sandbox is gone", () =>
      unlessAbsent(promptly(this.#context.client.getContainer(main).inspect())),
    );
    if (there === undefined || there.State.Pid === 0) throw new ProvisioningError("sandbox_gone", "the sandbox is gone");
    const found = { container: there.Id, pid: there.State.Pid };
    this.#found.set(main, found);
    return found;
  }
}
