import { randomBytes } from "node:crypto";
import { openDatabaseLogin, type PostgresAccess, type PostgresServer, type Sealing, SourceAccessError, type SourceReport } from "#access";
import { type Clock, codeOf, delay, type Ids, type Log, messageOf } from "#foundation";
import type { ConcretePersona } from "#persona";
import { type AllowedTarget, ProvisioningError } from "#provisioning";
import type { DataAccessRow, DataSourceRow, Repository, WorkspaceRow } from "#repository";
import { concreteOf } from "../translate.ts";
import { type GivenAccess, type GivenDatabase, insideOf, NO_ACCESS } from "./inside.ts";
import { type Borrower, refusalOf } from "./lending.ts";

export interface DataAccessOptions {
  readonly repository: Pick<
    Repository,
    | "installation"
    | "dataSources"
    | "dataAccesses"
    | "recordDataAccess"
    | "updateDataAccess"
    | "endDataAccesses"
    | "forgetDataAccess"
    | "version"
  >;
  readonly postgres: PostgresAccess;
  readonly sealing: Sealing;
  /** An address of a host. */
  readonly resolve: (host: string) => Promise<string>;
  /** The groups that somebody is in now; undefined where nobody here knows. */
  readonly groupsOf: (principal: string) => Promise<readonly string[] | undefined>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** How long a role is good unless it is renewed, ms: should Guise be gone for good, nothing that it gave lasts. */
export const ROLE_LIFETIME = 48 * 3600 * 1000;
/** How long an end waits for databases, ms; what is not taken back by then is taken later. */
const TAKING_PATIENCE = 5_000;

/** Gives workspaces roles of their own in the databases that their personas name, and takes them back. Each is written down before it is made. */
export class DataAccess {
  readonly #options: DataAccessOptions;
  readonly #taking = new Map<string, Promise<void>>();

  constructor(options: DataAccessOptions) {
    this.#options = options;
  }

  /** Names of roles of this installation begin so. */
  get prefix(): string {
    const name = this.#options.repository.installation.toLowerCase().replace(/[^a-z0-9]/g, "");
    return `guise_${name.slice(-10)}_`;
  }

  /** Databases that a start is to be given. */
  static of(persona: ConcretePersona): ConcretePersona["dataSources"] {
    return persona.dataSources.filter(({ mount }) => mount === undefined);
  }

  /** Rejects `source_not_registered`, `source_unreachable`, `source_refused`; what was given by then goes with the generation. */
  async give(row: WorkspaceRow, signal: AbortSignal): Promise<GivenAccess> {
    const wanted = DataAccess.of(concreteOf(row));
    if (wanted.length === 0) return NO_ACCESS;
    const sources = await this.sources();
    const borrower = await this.borrowerOf(row);
    const databases: GivenDatabase[] = [];
    for (const { source, access } of wanted) {
      signal.throwIfAborted();
      const registered = sources.get(source);
      if (registered === undefined || registered.removedAt !== undefined)
        throw new ProvisioningError("source_not_registered", said(`the data source "${source}" is registered here no more`));
      const refusal = refusalOf(source, registered, borrower);
      if (refusal !== undefined) throw new ProvisioningError("source_refused", said(refusal));
      databases.push(await this.#giveOne(row, registered, access));
    }
    return { ...insideOf(databases), targets: databases.map(targetOf) };
  }

  /** Nothing of it is given any more once this resolves, or will be: what does not answer now is asked again. Rejects never for a database. */
  async take(workspace: string): Promise<void> {
    const rows = await this.#options.repository.dataAccesses(workspace);
    if (rows.length === 0) return;
    await this.#options.repository.endDataAccesses(workspace);
    const patience = new AbortController();
    const all = Promise.all(rows.map((row) => this.takeOne(row)));
    await Promise.race([all, delay(this.#options.clock, TAKING_PATIENCE, patience.signal)]).finally(() => patience.abort());
  }

  /** Forgets the role when it is gone; else it stays to be taken, and the log says why. */
  takeOne(row: DataAccessRow): Promise<void> {
    const under = this.#taking.get(row.role);
    if (under !== undefined) return under;
    const taking = this.#takeOne(row)
      .catch((error: unknown) => {
        const { role, source, workspace } = row;
        this.#options.log.warn({ err: error, role, source, workspace }, "a role could not be taken back; it is tried again");
      })
      .finally(() => this.#taking.delete(row.role));
    this.#taking.set(row.role, taking);
    return taking;
  }

  /** By name. */
  async sources(): Promise<ReadonlyMap<string, DataSourceRow>> {
    return new Map((await this.#options.repository.dataSources()).map((row) => [row.source, row]));
  }

  /** Whom it is lent to, by what is known now. */
  async borrowerOf(row: WorkspaceRow): Promise<Borrower> {
    const { repository, groupsOf } = this.#options;
    const version = await repository.version(row.persona, row.version);
    return { ownerGroup: version?.ownerGroup ?? row.group, groups: (await groupsOf(row.owner)) ?? [row.group] };
  }

  /** Whether it can be lent as it is. Rejects `source_unreachable`, `source_refused` where it could not be asked at all. */
  async test(source: DataSourceRow): Promise<{ readonly address: string; readonly report: SourceReport }> {
    const server = await this.serverOf(source);
    return { address: server.address, report: await this.#options.postgres.test(server, source.roles) };
  }

  async renew(access: DataAccessRow, source: DataSourceRow): Promise<void> {
    const until = this.#options.clock.now() + ROLE_LIFETIME;
    await this.#options.postgres.renew(await this.serverOf(source), access.role, until);
    await this.#options.repository.updateDataAccess(access.role, { until });
  }

  /** Rejects where its host has no address, or its login cannot be opened. */
  async serverOf({ source, host, port, database, authority, login }: Omit<DataSourceRow, "removedAt">): Promise<PostgresServer> {
    const { sealing, resolve } = this.#options;
    const opened = await openDatabaseLogin(sealing, source, login);
    if (opened === undefined)
      throw new ProvisioningError(
        "source_refused",
        `what opens the data source ${source} cannot be read with this installation's key; an operator gives it anew: guise admin source set ${source} --username NAME`,
      );
    const address = await resolve(host).catch((error: unknown) => {
      throw new ProvisioningError(
        "source_unreachable",
        `the host ${host} of the data source ${source} has no address: ${messageOf(error)}`,
      );
    });
    const { username: user, password } = opened;
    return { host, address, port, database, ...(authority === undefined ? {} : { authority }), user, password };
  }

  /** Roles of this installation that a database has. What is there was written down before. */
  async rolesIn(source: DataSourceRow): Promise<readonly string[]> {
    return this.#options.postgres.roles(await this.serverOf(source), this.prefix);
  }

  /** One that nothing is written of. */
  async takeStray(source: DataSourceRow, role: string): Promise<void> {
    await this.#options.postgres.take(await this.serverOf(source), role);
  }

  async #giveOne(row: WorkspaceRow, source: DataSourceRow, level: "read" | "write"): Promise<GivenDatabase> {
    const { repository, postgres, clock, ids } = this.#options;
    const lends = source.roles[level];
    if (lends === undefined) throw new ProvisioningError("source_refused", `the data source "${source.source}" is read only`);
    const role = `${this.prefix}${ids.next("r", 16).slice(2)}`;
    const password = randomBytes(24).toString("base64url");
    const until = clock.now() + ROLE_LIFETIME;
    await repository.recordDataAccess({
      ...{ role, workspace: row.id, generation: row.generation, source: source.source, level, state: "giving" },
      ...{ port: source.port, until },
    });
    const server = await this.serverOf(source);
    await postgres.give(server, { role, password, lends, until }).catch((error: unknown) => {
      throw faultOf(error, source.source);
    });
    await repository.updateDataAccess(role, { state: "given", address: server.address });
    const { host, address, port, database, authority } = server;
    return { source: source.source, host, address, port, database, authority, role, password };
  }

  async #takeOne({ role, source: name }: DataAccessRow): Promise<void> {
    const source = (await this.sources()).get(name);
    if (source === undefined) return;
    await this.#options.postgres.take(await this.serverOf(source), role);
    await this.#options.repository.forgetDataAccess(role);
  }
}

/** Where it is, and nothing beside it. */
export function targetOf({ address, port }: { readonly address: string; readonly port: number }): AllowedTarget {
  return { cidr: `${address}/${address.includes(":") ? 128 : 32}`, protocol: "tcp", port };
}

const said = (why: string): string => `${why}: ask an operator, then try again; the home stays`;

function faultOf(error: unknown, source: string): ProvisioningError {
  const passes = codeOf(error) === "unreachable" || codeOf(error) === "failed";
  return new ProvisioningError(
    passes ? "source_unreachable" : "source_refused",
    `the data source "${source}" gave no access: ${messageOf(error)}${error instanceof SourceAccessError ? `: ${error.remedy}` : ""}`,
    { cause: error },
  );
}
