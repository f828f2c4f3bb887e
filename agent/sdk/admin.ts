import type {
  AccountView,
  CollectedImages,
  DataSourceChange,
  DataSourceReport,
  DataSourceRequest,
  DataSourceView,
  GroupView,
  Images,
  PackageSourceChange,
  PackageSourceRequest,
  PackageSourceView,
  Priority,
  Role,
  Status,
  UsageOverTime,
  WorkspaceOrder,
  WorkspaceState,
  WorkspaceView,
} from "@guise/contract";
import { everyPage } from "./pages.ts";
import type { Transport } from "./transport.ts";

export interface AccountChange {
  readonly roles?: readonly Role[];
  readonly groups?: readonly string[];
  readonly disabled?: boolean;
  /** null: not known any more. */
  readonly name?: string | null;
  readonly email?: string | null;
}

/** How an account's person is called, and the address. */
export interface Called {
  readonly name?: string;
  readonly email?: string;
}

/** Which workspaces of everybody, and in which order; those that were given back only where their state is asked for. */
export interface WorkspaceListing {
  readonly state?: WorkspaceState | undefined;
  /** In the name of the person, the persona or the workspace, or in the id. */
  readonly search?: string | undefined;
  readonly order?: WorkspaceOrder | undefined;
  readonly descending?: boolean | undefined;
}

export interface PageOfWorkspaces {
  readonly items: readonly WorkspaceView[];
  /** Where it goes on; absent: here it ends. */
  readonly next?: string | undefined;
}

/** What operators do; every call throws AgentError `not_permitted` for others. */
export class Admin {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  status(): Promise<Status> {
    return this.#transport.json<Status>("GET", "/status", { repeatable: true });
  }

  /** A page of everybody's workspaces: that they are there, and not what is in them. */
  workspaces(
    listing: WorkspaceListing,
    options: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<PageOfWorkspaces> {
    const query = { ...queryOf(listing), limit: String(options.limit), cursor: options.cursor };
    return this.#transport.json<PageOfWorkspaces>("GET", "/workspaces", { query, repeatable: true });
  }

  /** All pages of that. */
  everyWorkspace(listing: WorkspaceListing): Promise<WorkspaceView[]> {
    return everyPage<WorkspaceView>(this.#transport, "/workspaces", { ...queryOf(listing), limit: "500" });
  }

  /** What images take, and who needs them. */
  images(): Promise<Images> {
    return this.#transport.json<Images>("GET", "/images", { repeatable: true });
  }

  /** Removes the least recently used that nobody needs, until all take `budget` bytes, by default what the installation allows. */
  collectImages(budget?: number): Promise<CollectedImages> {
    return this.#transport.json<CollectedImages>("POST", "/images/collect", {
      body: budget === undefined ? {} : { budget },
      repeatable: true,
    });
  }

  /** What people used over so many days, today with them; the usual number of days without it. */
  usage(days?: number): Promise<UsageOverTime> {
    return this.#transport.json<UsageOverTime>("GET", "/usage", {
      query: { days: days === undefined ? undefined : String(days) },
      repeatable: true,
    });
  }

  accounts(): Promise<AccountView[]> {
    return everyPage<AccountView>(this.#transport, "/accounts");
  }

  /** The answer holds the one-time sign-in code. */
  createAccount(account: string, roles: readonly Role[], groups: readonly string[], called: Called = {}): Promise<AccountView> {
    return this.#transport.json<AccountView>("POST", "/accounts", { body: { account, roles, groups, ...called } });
  }

  /** A new one-time sign-in code; the ones before it lose their worth. */
  signInCode(account: string): Promise<AccountView> {
    return this.#transport.json<AccountView>("POST", `${accountPath(account)}/sign-in-code`, { body: {} });
  }

  changeAccount(account: string, change: AccountChange): Promise<AccountView> {
    return this.#transport.json<AccountView>("PATCH", accountPath(account), { body: change });
  }

  groups(): Promise<GroupView[]> {
    return everyPage<GroupView>(this.#transport, "/groups");
  }

  createGroup(group: string): Promise<GroupView> {
    return this.#transport.json<GroupView>("POST", "/groups", { body: { group } });
  }

  /** What personas can name as their data; authors get those that personas of their groups may name. */
  dataSources(): Promise<DataSourceView[]> {
    return everyPage<DataSourceView>(this.#transport, "/data-sources");
  }

  /** It is tried first. Throws AgentError `invalid` with every reason where it cannot be lent as it is. */
  addDataSource(source: DataSourceRequest): Promise<DataSourceView> {
    return this.#transport.json<DataSourceView>("POST", "/data-sources", { body: source });
  }

  changeDataSource(source: string, change: DataSourceChange): Promise<DataSourceView> {
    return this.#transport.json<DataSourceView>("PATCH", dataSourcePath(source), { body: change });
  }

  /** Whether it can be lent as it is now. */
  testDataSource(source: string): Promise<DataSourceReport> {
    return this.#transport.json<DataSourceReport>("POST", `${dataSourcePath(source)}/test`, { body: {} });
  }

  /** Nobody is given it any more, and who has it loses it within a minute. */
  removeDataSource(source: string): Promise<DataSourceView> {
    return this.#transport.json<DataSourceView>("DELETE", dataSourcePath(source));
  }

  /** Where packages come from beside the installation's mirrors; authors get those of their groups. */
  packageSources(): Promise<PackageSourceView[]> {
    return everyPage<PackageSourceView>(this.#transport, "/package-sources");
  }

  addPackageSource(source: PackageSourceRequest): Promise<PackageSourceView> {
    return this.#transport.json<PackageSourceView>("POST", "/package-sources", { body: source });
  }

  changePackageSource(source: string, change: PackageSourceChange): Promise<PackageSourceView> {
    return this.#transport.json<PackageSourceView>("PATCH", sourcePath(source), { body: change });
  }

  /** What was built with it stays. */
  async removePackageSource(source: string): Promise<void> {
    await this.#transport.json("DELETE", sourcePath(source));
  }

  /** The highest priority that members of the group may ask for. */
  grant(group: string, priority: Priority): Promise<GroupView> {
    return this.#transport.json<GroupView>("PUT", "/grants", { body: { group, priority }, repeatable: true });
  }
}

function queryOf({ state, search, order, descending }: WorkspaceListing): Record<string, string | undefined> {
  const asked = search === undefined || search === "" ? undefined : search;
  return { all: "true", state, search: asked, order, descending: descending === true ? "true" : undefined };
}

function dataSourcePath(source: string): string {
  return `/data-sources/${encodeURIComponent(source)}`;
}

function sourcePath(source: string): string {
  return `/package-sources/${encodeURIComponent(source)}`;
}

function accountPath(account: string): string {
  return `/accounts/${encodeURIComponent(account)}`;
}
