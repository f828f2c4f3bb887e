import { applicationOrigin, workspaceOfLabel } from "@guise/contract";

/** Whom a host addresses. */
export interface Addressed {
  readonly host: string;
  readonly label: string;
  readonly workspace: string;
}

/** The origins of web applications: those of a pattern such as `https://*.apps.example.org`, each with an application's label in place of the star. */
export class ApplicationPlaces {
  readonly pattern: string;
  readonly #scheme: string;
  /** With the dot before it, and the port where one is needed. */
  readonly #suffix: string;

  constructor(pattern: string) {
    this.pattern = pattern;
    const { protocol, host } = new URL(pattern.replace("*", "any"));
    this.#scheme = protocol;
    this.#suffix = host.slice("any".length).toLowerCase();
  }

  originOf(application: string, workspace: string): string {
    return applicationOrigin(this.pattern, application, workspace);
  }

  originOfHost({ host }: Addressed): string {
    return `${this.#scheme}//${host}`;
  }

  /** By the value of a Host header; undefined where it addresses no application. */
  addressedBy(header: string | undefined): Addressed | undefined {
    const host = header?.toLowerCase() ?? "";
    if (!host.endsWith(this.#suffix)) return undefined;
    const label = host.slice(0, -this.#suffix.length);
    const workspace = workspaceOfLabel(label);
    return workspace === undefined ? undefined : { host, label, workspace };
  }
}
