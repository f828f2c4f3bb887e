import type { PostgresSource } from "@guise/contract";

/** `login`: what opens it, sealed by whoever wrote the row. `removedAt`: nobody is given it any more. */
export interface DataSourceRow extends PostgresSource {
  readonly login: string;
  readonly removedAt?: number;
}

/** What is named changes. `authority: null`: there is none of its own any more. */
export interface DataSourceUpdate {
  readonly referenced_by?: readonly string[];
  readonly received_by?: readonly string[];
  readonly authority?: string | null;
  readonly login?: string;
}

/** `giving`: it may or may not be there yet. `taking`: it may or may not be gone yet. */
export type DataAccessState = "giving" | "given" | "taking";

/** A role that one generation of a workspace has in a source: written before it is made, and forgotten when it is gone. */
export interface DataAccessRow {
  readonly role: string;
  readonly workspace: string;
  readonly generation: number;
  readonly source: string;
  readonly level: "read" | "write";
  readonly state: DataAccessState;
  /** Where the source was reached; undefined until it was. */
  readonly address?: string;
  readonly port: number;
  /** The role is good until then, ms. */
  readonly until: number;
}

export type DataAccessChange = Partial<Pick<DataAccessRow, "state" | "address" | "until">>;

/** The source alone: what opens it goes nowhere with it. */
export function dataSourceOf({ login: _, removedAt: __, ...source }: DataSourceRow): PostgresSource {
  return source;
}
