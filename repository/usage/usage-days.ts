/** What one person used of one persona version on one day, at one group's cost. */
export interface DayUse {
  /** Ms since the epoch: when the day begins, UTC. */
  readonly day: number;
  readonly persona: string;
  readonly version: number;
  /** The group that is charged. */
  readonly group: string;
  readonly owner: string;
  /** Empty: the workspaces as a whole. */
  readonly application: string;
  readonly launches: number;
  /** Ms for which it ran, or was ready. */
  readonly running: number;
  /** Ms. */
  readonly cpu_time: number;
  /** Highest in a minute: millicores, and bytes. Of workspaces as a whole; of an application the bytes alone. */
  readonly cpu_peak: number;
  readonly ram_peak: number;
  readonly storage_peak: number;
  /** What was set aside: millicores, and bytes. */
  readonly asked_cpu: number;
  readonly asked_ram: number;
  readonly asked_storage: number;
}

/** By what use is summed up; for each the columns that tell its rows apart. Applications are told apart from workspaces as a whole. */
export const USAGE_SUBJECTS = {
  persona: { columns: ["persona"], of: "workspaces" },
  version: { columns: ["persona", "version"], of: "workspaces" },
  group: { columns: ["group"], of: "workspaces" },
  application: { columns: ["application"], of: "applications" },
  persona_application: { columns: ["persona", "application"], of: "applications" },
} as const satisfies Readonly<Record<string, { readonly columns: readonly (keyof DayUse)[]; readonly of: "workspaces" | "applications" }>>;
export type UsageSubject = keyof typeof USAGE_SUBJECTS;

/** What all people together used of something; the columns of its subject are there. */
export interface UsageSum extends Omit<DayUse, "day" | "persona" | "version" | "group" | "owner" | "application"> {
  readonly persona?: string;
  readonly version?: number;
  readonly group?: string;
  readonly application?: string;
  /** How many different people. */
  readonly people: number;
}

/** For how long something ran on one day. */
export interface UsageDaySum extends Pick<UsageSum, "persona" | "version" | "group" | "application" | "running"> {
  readonly day: number;
}
