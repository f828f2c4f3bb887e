import type { ApplicationUsage, UsagePoint } from "@guise/contract";
import type { DayUse, WorkspaceRow } from "#repository";

/** Whose use it is, of what, and what was set aside for it. */
export type UsedBy = Pick<WorkspaceRow, "id" | "owner" | "group" | "persona" | "version" | "demand">;

type Counted = Pick<ApplicationUsage, "launches" | "running" | "cpu_time">;
const NOTHING: Counted = { launches: 0, running: 0, cpu_time: 0 };

/** What is used on each day, from minutes of workspaces as they end; what was noted since the last time is taken out and saved. */
export class DayBook {
  #open = new Map<string, DayUse>();
  /** By workspace: what its applications had used in all when they were noted last. */
  readonly #counted = new Map<string, ReadonlyMap<string, Counted>>();

  knows(workspace: string): boolean {
    return this.#counted.has(workspace);
  }

  /** `applications`: what had been used before, and belongs to other days or is noted already. */
  begin(workspace: string, applications: readonly ApplicationUsage[]): void {
    this.#counted.set(workspace, new Map(applications.map((use) => [use.application, use])));
  }

  end(workspace: string): void {
    this.#counted.delete(workspace);
  }

  /** Some time of a workspace that is over, and what its applications have used in all by then. */
  note(by: UsedBy, { at, covers, cpu, ram_peak, storage }: UsagePoint, applications: readonly ApplicationUsage[]): void {
    const day = Date.parse(at.slice(0, 10));
    this.#add(by, day, {
      ...{ application: "", launches: 0, running: covers, cpu_time: (cpu * covers) / 1000 },
      ...{ cpu_peak: cpu, ram_peak, storage_peak: storage },
    });
    const before = this.#counted.get(by.id);
    for (const use of applications) {
      const grown = grownSince(use, before?.get(use.application) ?? NOTHING);
      if (grown.launches + grown.running === 0) continue;
      this.#add(by, day, { application: use.application, ...grown, cpu_peak: 0, ram_peak: use.ram_peak, storage_peak: 0 });
    }
    this.begin(by.id, applications);
  }

  /** What was noted since it was taken last. */
  take(): readonly DayUse[] {
    const taken = [...this.#open.values()];
    this.#open = new Map();
    return taken;
  }

  #add(by: UsedBy, day: number, use: Omit<DayUse, "day" | "persona" | "version" | "group" | "owner" | `asked_${string}`>): void {
    const { persona, version, group, owner, demand } = by;
    const key = JSON.stringify([day, persona, version, group, owner, use.application]);
    const known = this.#open.get(key);
    this.#open.set(key, {
      ...{ day, persona, version, group, owner, application: use.application },
      launches: (known?.launches ?? 0) + use.launches,
      running: (known?.running ?? 0) + use.running,
      cpu_time: (known?.cpu_time ?? 0) + use.cpu_time,
      cpu_peak: Math.max(known?.cpu_peak ?? 0, use.cpu_peak),
      ram_peak: Math.max(known?.ram_peak ?? 0, use.ram_peak),
      storage_peak: Math.max(known?.storage_peak ?? 0, use.storage_peak),
      asked_cpu: Math.max(known?.asked_cpu ?? 0, demand.cpu),
      asked_ram: Math.max(known?.asked_ram ?? 0, demand.ram),
      asked_storage: Math.max(known?.asked_storage ?? 0, demand.storage),
    });
  }
}

function grownSince(use: Counted, before: Counted): Counted {
  const grown = (name: keyof Counted) => Math.max(0, use[name] - before[name]);
  return { launches: grown("launches"), running: grown("running"), cpu_time: grown("cpu_time") };
}
