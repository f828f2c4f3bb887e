import type { DeviceView } from "@guise/contract";
import type { Transport } from "./transport.ts";

/** Programs without a browser that wait to be signed in as the person. */
export class Devices {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Throws AgentError `not_found` where nothing waits under the code any more. */
  show(code: string): Promise<DeviceView> {
    return this.#transport.json<DeviceView>("GET", pathOf(code), { repeatable: true });
  }

  /** Signs the program in as this person, or refuses it. Throws AgentError `not_found`. */
  async answer(code: string, allow: boolean): Promise<void> {
    await this.#transport.json("POST", pathOf(code), { body: { allow } });
  }
}

function pathOf(code: string): string {
  return `/device/${encodeURIComponent(code)}`;
}
