import { type Handle, type LiveAmounts, ProvisioningError, type ResizePower } from "#provisioning";
import { cpuLimits } from "./cpu-limits.ts";
import type { EngineContext } from "./engine-context.ts";
import { isAbsent, isConflict, promptly, statusOf, translated } from "./engine-errors.ts";
import { runInGuard } from "./guard-exec.ts";
import { bandwidthOrder } from "./guard-orders.ts";
import { readHandle } from "./sandbox-handle.ts";

/** Changes the limits of a pair that runs: the engine's of cpu and ram, the guard's of bandwidth. */
export class DockerResize implements ResizePower {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  async resize(handle: Handle, amounts: LiveAmounts): Promise<void> {
    const { main, guard } = readHandle(handle);
    const { ingress, egress } = amounts;
    // What may be refused comes first: then nothing has changed.
    await this.#updateMain(main, amounts);
    const [shaped, policed] = [true, false].map((hasIfb) => bandwidthOrder({ ingress, egress }, hasIfb));
    await runInGuard(this.#context, guard, `if [ -e /sys/class/net/ifb0 ]; then\n${shaped}\nelse\n${policed}\nfi`);
  }

  /** The engine takes swap with ram. It refuses less than is in use. */
  async #updateMain(main: string, { cpu, ram }: LiveAmounts): Promise<void> {
    const limits = { Memory: ram, MemorySwap: ram, ...cpuLimits(cpu) };
    await translated("resize_refused", "the engine did not change the limits", async () => {
      try {
        await promptly(this.#context.client.getContainer(main).update(limits));
      } catch (error) {
        if (isAbsent(error) || isConflict(error)) throw new ProvisioningError("sandbox_gone", "the sandbox does not run", { cause: error });
        if (statusOf(error) === undefined) throw error;
        throw new ProvisioningError("resize_refused", "its programs use more ram than it would have", { cause: error });
      }
    });
  }
}
