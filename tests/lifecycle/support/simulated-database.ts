import type { GivenRole, PostgresAccess, Sealing } from "#access";
import { CodedError, type Log, type ManualClock, randomIds, silentLog } from "#foundation";
import { DataAccess, DataAccessKeeper, type LiveEvents, type LoopContext } from "#lifecycle";
import type { Repository } from "#repository";
import type { Mortal } from "./mortal.ts";

const ACCESS_STEPS: ReadonlySet<string> = new Set(["recordDataAccess", "updateDataAccess", "endDataAccesses", "forgetDataAccess"]);
const DATABASE_STEPS: ReadonlySet<string> = new Set(["give", "take", "renew"]);

/** A database that workspaces get roles in: what is left of it when Guise dies. */
export class SimulatedDatabase implements PostgresAccess {
  readonly made = new Map<string, Omit<GivenRole, "role" | "password">>();
  answers = true;
  /** The groups that everybody is in. */
  groups: readonly string[] = ["makers"];

  async test() {
    this.#mustAnswer();
    return { facts: {}, faults: [], notes: [] };
  }

  async give(_server: unknown, { role, lends, until }: GivenRole) {
    this.#mustAnswer();
    this.made.set(role, { lends, until });
  }

  async renew(_server: unknown, role: string, until: number) {
    this.#mustAnswer();
    const known = this.made.get(role);
    if (known !== undefined) this.made.set(role, { ...known, until });
  }

  async take(_server: unknown, role: string) {
    this.#mustAnswer();
    this.made.delete(role);
  }

  async roles(_server: unknown, prefix: string) {
    this.#mustAnswer();
    return [...this.made.keys()].filter((role) => role.startsWith(prefix));
  }

  #mustAnswer(): void {
    if (!this.answers) throw new CodedError("unreachable", "nothing answers at db.example.com");
  }
}

/** Nothing is hidden from a test. */
const openly: Sealing = { seal: async (text) => text, open: async (text) => text };

export async function registerSales(repository: Repository, source = "sales"): Promise<void> {
  await repository.addDataSource(
    {
      ...{ source, kind: "postgres", host: "db.example.com", port: 5432, database: "sales", roles: { read: "reader" } },
      ...{ referenced_by: ["makers"], received_by: ["makers"] },
      login: JSON.stringify({ username: "guise", password: "secret" }),
    },
    { at: 0, actor: "op", action: "add_data_source", target: source, outcome: "done" },
  );
}

interface Parts {
  readonly repository: Repository;
  readonly clock: ManualClock;
  readonly database: SimulatedDatabase;
  readonly mortal: Mortal | undefined;
}

export function simulatedAccess({ repository, clock, database, mortal }: Parts): DataAccess {
  return new DataAccess({
    repository: mortal?.wrap("store", repository, ACCESS_STEPS) ?? repository,
    postgres: mortal?.wrap("database", database, DATABASE_STEPS) ?? database,
    sealing: openly,
    resolve: async () => "10.9.8.7",
    groupsOf: async () => database.groups,
    ...{ clock, ids: randomIds, log: silentLog },
  });
}

export function simulatedKeeper(context: LoopContext, access: DataAccess, live: LiveEvents, mortal: Mortal | undefined): DataAccessKeeper {
  const { driver, clock, openedRanges } = context;
  const repository = mortal?.wrap("store", context.repository, ACCESS_STEPS) ?? context.repository;
  const log: Log = silentLog;
  return new DataAccessKeeper({ repository, driver, live, clock, openedRanges, access, log });
}
