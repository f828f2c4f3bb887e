import type { Sealing } from "../sealed.ts";
import { type Kept, type ProviderClient, ProviderError, type Told } from "./provider-client.ts";

/** So long may a person take at the provider, ms. */
export const SIGN_IN_PATIENCE = 600_000;
const PURPOSE = "sign-in-at-provider";

/** What a browser carries from the start of a sign-in to its return: sealed, so it can neither read nor make it. */
interface Begun extends Kept {
  readonly page: string;
  readonly at: number;
}

/** Sends a browser to the provider, and takes it back. */
export class ProviderSignIn {
  readonly #client: Pick<ProviderClient, "begin" | "finish">;
  readonly #sealing: Sealing;
  readonly #now: () => number;

  constructor(client: Pick<ProviderClient, "begin" | "finish">, sealing: Sealing, now: () => number) {
    this.#client = client;
    this.#sealing = sealing;
    this.#now = now;
  }

  /** `page`: where the person wants to go then. Rejects ProviderError `provider_unavailable`. */
  async begin(page: string): Promise<{ readonly address: string; readonly carried: string }> {
    const { address, kept } = await this.#client.begin();
    const begun: Begun = { ...kept, page, at: this.#now() };
    return { address: address.href, carried: await this.#sealing.seal(JSON.stringify(begun), PURPOSE) };
  }

  /** Rejects ProviderError. */
  async finish(query: string, carried: string | undefined): Promise<{ readonly told: Told; readonly page: string }> {
    const text = carried === undefined ? undefined : await this.#sealing.open(carried, PURPOSE);
    if (text === undefined) throw new ProviderError("sign_in_unfit", "this browser began no sign-in, or began another one since");
    const begun = JSON.parse(text) as Begun;
    if (this.#now() - begun.at > SIGN_IN_PATIENCE) throw new ProviderError("sign_in_unfit", "it was begun too long ago");
    return { told: await this.#client.finish(query, begun), page: begun.page };
  }
}
