import type { UsageSample, WorkspaceUsage } from "@guise/contract";
import type { UsageDaySum, UsageSubject, UsageSum, WorkspaceRow } from "#repository";
import type { UsageDays, UsageSource } from "./deps.ts";

const NOTHING = { cpu_time: 0, received: 0, sent: 0 };

/** Samples that a test publishes. */
export class UsageForTests implements UsageSource, UsageDays {
  /** By subject; since when plays no part. */
  used: Partial<Record<UsageSubject, readonly UsageSum[]>> = {};
  usedByDay: Partial<Record<UsageSubject, readonly UsageDaySum[]>> = {};
  readonly #listeners = new Set<(sample: UsageSample) => void>();

  subscribe(listener: (sample: UsageSample) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async usageOf({ id }: Pick<WorkspaceRow, "id">): Promise<WorkspaceUsage> {
    const point = { at: "2026-01-01T00:00:00.000Z", covers: 60_000, cpu: 5, ram: 6, ram_peak: 7, storage: 8, received: 9, sent: 10 };
    return { workspace_id: id, totals: NOTHING, applications: [], series: [point] };
  }

  async usedSince(subject: UsageSubject) {
    return this.used[subject] ?? [];
  }

  async usedByDaySince(subject: UsageSubject) {
    return this.usedByDay[subject] ?? [];
  }

  publish(workspace: string): void {
    const sample = {
      workspace_id: workspace,
      at: "2026-01-01T00:00:00.000Z",
      cpu: 5,
      ram: 6,
      storage: 7,
      ingress: 8,
      egress: 9,
      totals: NOTHING,
      applications: [],
    };
    for (const listener of this.#listeners) listener(sample);
  }
}
