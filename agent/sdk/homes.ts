import type { HomeView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
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

  /** A home that nothing runs on, as its engine stores it. Throws AgentError `conflict` while something does. */
  async export(home: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.#transport.open("GET", `/homes/${encodeURIComponent(home)}/image`, { repeatable: true, signal });
    if (answer.body === null) throw new AgentError("internal", "Guise sent no content.");
    return answer.body;
  }

  /** Deletes a kept home for good. Throws AgentError `conflict` while a workspace has it. */
  async delete(home: string): Promise<void> {
    await this.#transport.json("DELETE", `/homes/${encodeURIComponent(home)}`, { repeatable: true });
  }
}
