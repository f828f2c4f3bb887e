import { join } from "node:path";
import type { Installation, RegisteredSource } from "#persona";
import type { VolumeSource } from "#provisioning";
import type { Repository } from "#repository";

/** The shipped data source that makes every sample useful. */
const SAMPLE_SALES = { name: "sample-sales", mount: "/data/sample-sales" };

/** The data sources of this installation, as personas, the loop and the driver know them: those that came with Guise, and those of the database. */
export class KnownSources {
  readonly volumes: ReadonlyMap<string, VolumeSource>;
  /** Name → folder on this machine. */
  readonly folders: Readonly<Record<string, string>>;
  readonly shipped: readonly RegisteredSource[];
  #known: readonly RegisteredSource[];

  constructor(root: string) {
    const { name, mount } = SAMPLE_SALES;
    this.shipped = [{ name, kind: "volume", place: mount }];
    this.volumes = new Map([[name, { source: name, volume: name, target: mount, access: "read" }]]);
    this.folders = { [name]: join(root, "data", name) };
    this.#known = this.shipped;
  }

  /** As of the last `refresh`. */
  get known(): Installation["dataSources"] {
    return this.#known;
  }

  /** After a change of those in the database. */
  async refresh(repository: Pick<Repository, "dataSources">): Promise<void> {
    const present = (await repository.dataSources()).filter(({ removedAt }) => removedAt === undefined);
    const databases = present.map(({ source, kind, roles }): RegisteredSource => {
      return { name: source, kind, place: `service=${source}`, writable: roles.write !== undefined };
    });
    this.#known = [...this.shipped, ...databases];
  }
}

/** The groups that somebody is in as far as it is known here: of an account, or as a provider said last. */
export function groupsKnown(repository: Pick<Repository, "account" | "providerPerson">, localIssuer: string) {
  return async (principal: string): Promise<readonly string[] | undefined> => {
    const prefix = `${localIssuer}#`;
    if (!principal.startsWith(prefix)) return (await repository.providerPerson(principal))?.person.groups;
    const account = await repository.account(principal.slice(prefix.length));
    return account === undefined || account.disabled ? [] : account.groups;
  };
}
