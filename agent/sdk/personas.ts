import type { Problem, VersionDetail, VersionView } from "@guise/contract";
import { everyPage } from "./pages.ts";
import type { Transport } from "./transport.ts";

export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
}

/** Persona definitions: what there is, and for authors, what to publish. */
export class Personas {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The personas that the signed-in person may request, each as the version that a request gets. */
  list(): Promise<VersionView[]> {
    return everyPage<VersionView>(this.#transport, "/personas");
  }

  /** All versions of one, as far as the broker keeps them. */
  async versions(persona_id: string): Promise<VersionView[]> {
    const answer = await this.#transport.json<unknown>("GET", `/personas/${encodeURIComponent(persona_id)}`, { repeatable: true });
    return versionsIn(answer);
  }

  version(persona_id: string, version: number | "latest" = "latest"): Promise<VersionDetail> {
    return this.#transport.json<VersionDetail>("GET", versionPath(persona_id, version), { repeatable: true });
  }

  /** The build log, as text. */
  async log(persona_id: string, version: number | "latest"): Promise<string> {
    const answer = await this.#transport.open("GET", `${versionPath(persona_id, version)}/log`, { repeatable: true });
    return answer.text();
  }

  /** Checks a document; nothing is stored. */
  validate(document: string): Promise<Validation> {
    return this.#transport.json<Validation>("POST", "/personas/validate", { body: { document }, repeatable: true });
  }

  /** Stores a new version and begins its build. Throws AgentError `invalid_persona` with all problems. */
  publish(document: string, owner_group?: string): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", "/personas", {
      body: owner_group === undefined ? { document } : { document, owner_group },
      headers: { "idempotency-key": crypto.randomUUID() },
      repeatable: true,
    });
  }

  /** Makes an earlier usable version the one that a request gets. */
  rollback(persona_id: string, version: number): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", `/personas/${encodeURIComponent(persona_id)}/rollback`, { body: { version } });
  }
}

function versionPath(persona_id: string, version: number | "latest"): string {
  return `/personas/${encodeURIComponent(persona_id)}/versions/${version}`;
}

/** A list, a page, or one view with its `versions`. */
function versionsIn(answer: unknown): VersionView[] {
  if (Array.isArray(answer)) return answer as VersionView[];
  const { items, versions } = answer as { items?: VersionView[]; versions?: VersionView[] };
  return items ?? versions ?? [answer as VersionView];
}
