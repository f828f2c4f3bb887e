import { EVERYONE } from "./package-sources.ts";

/** What a data source can be: a folder that is there, or a PostgreSQL database that each workspace gets a role of its own in. */
export const DATA_SOURCE_KINDS = ["volume", "postgres"] as const;
export type DataSourceKind = (typeof DATA_SOURCE_KINDS)[number];

export const POSTGRES_PORT = 5432;

/** Who may name a source in a persona, and who may be given it; `EVERYONE` for all. */
export interface Lending {
  /** Groups whose personas may name it. */
  readonly referenced_by: readonly string[];
  /** Groups whose members may be given it. */
  readonly received_by: readonly string[];
}

/** A PostgreSQL database as an operator registered it. What opens it is kept apart. */
export interface PostgresSource extends Lending {
  readonly source: string;
  readonly kind: "postgres";
  /** The name in its certificate; workspaces and Guise reach it there. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** PEM: who signed its certificate; absent: a public authority. */
  readonly authority?: string;
  /** Roles of the database that lend their rights to the roles of workspaces. Without `write` nobody writes. */
  readonly roles: { readonly read: string; readonly write?: string };
}

/** Why a host is not taken; undefined when it is. */
export function databaseHostReason(text: string): string | undefined {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f:]{2,39}$/.test(text)) return "is no name or address of a host";
  if (/^(?:localhost|.*\.localhost|127\..*|0\..*|::1?|169\.254\..*|fe80:.*)$/i.test(text))
    return "is something else inside a workspace: give a name or address that other machines reach";
  return undefined;
}

/** Whether what is lent to these groups is lent to one of those. */
export function isLentTo(lent: readonly string[], groups: readonly string[]): boolean {
  return lent.includes(EVERYONE) || groups.some((group) => lent.includes(group));
}

/** How a workspace stands to a database of its persona. */
export function dataAccessText(source: string, access: "read" | "write", state: "given" | "ended"): string {
  if (state === "given") return `${source}, ${access === "read" ? "to be read" : "to be read and written"}`;
  return `no access to ${source} any more: it is lent to you no longer, or was removed; ask an operator`;
}
