import type { HomeView } from "@guise/contract";
import { everyPage } from "./pages.ts";
import type { Transport } from "./transport.ts";

/** Homes: the files of workspaces that persist. */
export class Homes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The person's own; `everyone`: everybody's, those in quarantine among them (operators only). */
  list(options: { readonly everyone?: boolean } = {}): Promise<HomeView[]> {
    return everyPage<HomeView>(this.#transport, "/homes", { all: options.everyone === true ? "true" : undefined });
  }

  /** Deletes a kept home for good. Throws AgentError `conflict` while a workspace has it. */
  async delete(home: string): Promise<void> {
    await this.#transport.json("DELETE", `/homes/${encodeURIComponent(home)}`, { repeatable: true });
  }
}
