import type { Status } from "@guise/contract";
import { codeOf, type Log } from "#foundation";
import type { AccountView } from "#lifecycle";
import type { Capabilities, Driver } from "#provisioning";

/** What is known of the engine, for `status`: told as unreachable rather than guessed. */
export class EngineReadings {
  readonly #driver: Driver;
  readonly #account: AccountView;
  readonly #log: Log;

  constructor({ driver, account, log }: { driver: Driver; account: AccountView; log: Log }) {
    this.#driver = driver;
    this.#account = account;
    this.#log = log;
  }

  async status(): Promise<Pick<Status, "engine" | "nodes" | "pools">> {
    const capabilities = await this.#capabilities();
    const nodes = this.#account.account().map(({ node, capacity, allocated, free, assumed, explained }) => ({
      node,
      capacity,
      allocated,
      free,
      assumed: [...assumed],
      explained,
    }));
    const engine = {
      driver: this.#driver.name,
      reachable: capabilities !== undefined,
      facts: { ...capabilities?.facts },
      warnings: [...(capabilities?.warnings ?? ["the engine does not answer"])],
    };
    return { engine, nodes, pools: { ...capabilities?.pools } };
  }

  async #capabilities(): Promise<Capabilities | undefined> {
    try {
      return await this.#driver.capabilities();
    } catch (error) {
      this.#log.warn({ err: error, error: codeOf(error) }, "the engine could not be asked for its capabilities");
      return undefined;
    }
  }
}
