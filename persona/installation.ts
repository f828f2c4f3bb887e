import type { Bases, DataSourceKind, EnforcedLimit } from "@guise/contract";

/** What a persona may count on in one installation. */
export interface Installation {
  readonly dataSources: readonly RegisteredSource[];
  /** Private CIDR ranges that operators opened. */
  readonly openedRanges: readonly string[];
  /** Limits that this engine does not hold hard: what rests on them is refused. */
  readonly unenforced: readonly EnforcedLimit[];
  readonly bases: Bases;
  /** The environment of a request that names none. */
  readonly defaultEnvironment: string;
}

/** A data source as an operator registered it. */
export interface RegisteredSource {
  readonly name: string;
  readonly kind: DataSourceKind;
  /** What `${data_source:NAME}` stands for inside: the path of a folder, or a database's connection string for libpq. */
  readonly place: string;
  /** Without it, read only. */
  readonly writable?: boolean;
}
