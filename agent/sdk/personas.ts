import type {
  BillOfMaterials,
  CatalogView,
  CompareRequest,
  FoundPackages,
  ImportedLists,
  ImportRequest,
  PersonaDifference,
  PersonaPreview,
  Problem,
  RuntimesView,
  VersionDetail,
  VersionView,
} from "@guise/contract";
import { everyPage } from "./pages.ts";
import type { Transport } from "./transport.ts";

export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  /** Why the package mirrors were not asked: whether they have its packages is not known then. */
  /** Where the document can be read as a persona. */
  readonly runtimes?: RuntimesView;
  readonly unasked?: string;
}

export interface ValidationOptions {
  /** The group that would own it: whose package sources count. */
  readonly owner_group?: string;
  /** False: the document alone is looked at, at once; the package mirrors are not asked. */
  readonly packages?: boolean;
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

  /** All versions of one, the newest first. */
  async versions(persona_id: string): Promise<VersionView[]> {
    const path = `/personas/${encodeURIComponent(persona_id)}`;
    return (await this.#transport.json<{ versions: VersionView[] }>("GET", path, { repeatable: true })).versions;
  }

  version(persona_id: string, version: number | "latest" = "latest"): Promise<VersionDetail> {
    return this.#transport.json<VersionDetail>("GET", versionPath(persona_id, version), { repeatable: true });
  }

  /** The lines of the build log so far. */
  async log(persona_id: string, version: number | "latest"): Promise<string[]> {
    return (await this.#transport.json<{ lines: string[] }>("GET", `${versionPath(persona_id, version)}/log`, { repeatable: true })).lines;
  }

  /** What the version's image contains, as CycloneDX 1.6. Throws AgentError `persona_not_usable` while there is no image. */
  billOfMaterials(persona_id: string, version: number | "latest" = "latest"): Promise<BillOfMaterials> {
    return this.#transport.json<BillOfMaterials>("GET", `${versionPath(persona_id, version)}/bom`, { repeatable: true });
  }

  /** Checks a document; nothing is stored. */
  validate(document: string, options: ValidationOptions = {}): Promise<Validation> {
    const body = { document, ...options };
    return this.#transport.json<Validation>("POST", "/personas/validate", { body, repeatable: true });
  }

  /** A draft of a persona, made of lists that people have; nothing is stored. Files that a list names go with it. */
  import(request: ImportRequest): Promise<ImportedLists> {
    return this.#transport.json<ImportedLists>("POST", "/personas/import", { body: request, repeatable: true });
  }

  /** What a workspace of a document would be in each environment; nothing is stored. Throws AgentError `invalid_persona` with all problems. */
  preview(document: string, owner_group?: string): Promise<PersonaPreview> {
    const body = owner_group === undefined ? { document } : { document, owner_group };
    return this.#transport.json<PersonaPreview>("POST", "/personas/preview", { body, repeatable: true });
  }

  /** Packages of the distribution by name or by what is said of them, the best first; `base` is that of the persona. */
  findPackages(text: string, base?: string): Promise<FoundPackages> {
    const body = base === undefined ? { text } : { text, base };
    return this.#transport.json<FoundPackages>("POST", "/packages/search", { body, repeatable: true });
  }

  /** What changes between two versions, or from a version to a document; what it newly may, and what it no longer may. Nothing is stored. */
  difference(persona_id: string, request: CompareRequest = {}): Promise<PersonaDifference> {
    return this.#transport.json<PersonaDifference>("POST", `/personas/${encodeURIComponent(persona_id)}/difference`, {
      body: request,
      repeatable: true,
    });
  }

  /** For authors: the applications with their settings, and the data sources, that a persona can be made of. */
  catalog(): Promise<CatalogView> {
    return this.#transport.json<CatalogView>("GET", "/catalog", { repeatable: true });
  }

  /**
   * Stores a new version and begins its build; with `draft` for the signed-in person alone, who requests it by its number. A draft takes
   * the place of the person's former one of the persona. Throws AgentError `invalid_persona` with all problems.
   */
  publish(document: string, owner_group?: string, options: { readonly draft?: boolean } = {}): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", "/personas", {
      body: { document, ...(owner_group === undefined ? {} : { owner_group }), ...(options.draft === true ? { draft: true } : {}) },
      headers: { "idempotency-key": crypto.randomUUID() },
      repeatable: true,
    });
  }

  /** A draft becomes what everybody's request gets, with the image that it has. Throws AgentError `persona_not_usable` while that is not built. */
  publishDraft(persona_id: string, version: number): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", `${versionPath(persona_id, version)}/publish`, { body: {} });
  }

  /** Nobody gets it any more; a workspace that is held of it goes on. Throws AgentError `not_found`. */
  async discardDraft(persona_id: string, version: number): Promise<void> {
    await this.#transport.json("DELETE", versionPath(persona_id, version));
  }

  /** Has a new image revision built with fresh packages; the present one is used until it is there. Throws AgentError `persona_not_usable`. */
  refresh(persona_id: string, version: number | "latest" = "latest"): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", `${versionPath(persona_id, version)}/refresh`, { body: {}, repeatable: true });
  }

  /** The same for the latest version of every persona that the signed-in person's groups own. */
  async refreshAll(): Promise<VersionView[]> {
    return (await this.#transport.json<{ items: VersionView[] }>("POST", "/personas/refresh", { body: {}, repeatable: true })).items;
  }

  /** Nobody can request it any more, or again with `retired` false; what is held of it goes on. Its versions, the newest first. */
  async retire(persona_id: string, retired = true): Promise<VersionView[]> {
    const path = `/personas/${encodeURIComponent(persona_id)}/retire`;
    return (await this.#transport.json<{ versions: VersionView[] }>("POST", path, { body: { retired }, repeatable: true })).versions;
  }

  /**
   * Removes a retired persona of which nothing is left; its id is free then. Throws AgentError `persona_in_use`, whose facts name the
   * `workspaces` or kept `homes` that there are, and `conflict` for what is not retired.
   */
  async remove(persona_id: string): Promise<void> {
    await this.#transport.json("DELETE", `/personas/${encodeURIComponent(persona_id)}`);
  }

  /** Makes an earlier usable version the one that a request gets. */
  rollback(persona_id: string, version: number): Promise<VersionView> {
    return this.#transport.json<VersionView>("POST", `/personas/${encodeURIComponent(persona_id)}/rollback`, { body: { version } });
  }
}

function versionPath(persona_id: string, version: number | "latest"): string {
  return `/personas/${encodeURIComponent(persona_id)}/versions/${version}`;
}
