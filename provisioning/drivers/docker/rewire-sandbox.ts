import type { Handle, NetworkPower, NetworkRules } from "#provisioning";
import { denySet } from "./deny-set.ts";
import type { EngineContext } from "./engine-context.ts";
import { runInGuard } from "./guard-exec.ts";
import { rulesOrder } from "./guard-orders.ts";
import { readHandle } from "./sandbox-handle.ts";

/** Changes the network rules of a pair that runs; the addresses that are nobody's are looked at anew. */
export class DockerNetwork implements NetworkPower {
  readonly #context: EngineContext;
  readonly #own: () => Promise<readonly string[]>;

  constructor(context: EngineContext, own: () => Promise<readonly string[]>) {
    this.#context = context;
    this.#own = own;
  }

  async rewire(handle: Handle, { allow, openedRanges, sources }: NetworkRules): Promise<void> {
    const { guard } = readHandle(handle);
    await runInGuard(this.#context, guard, rulesOrder(denySet(openedRanges, await this.#own()), allow, sources));
  }
}
