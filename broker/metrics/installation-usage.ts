import type { UsageSample } from "@guise/contract";

/** What all workspaces use together. Milliseconds of cpu time and bytes are counted since the broker began. */
export class InstallationUsage {
  readonly #latest = new Map<string, UsageSample>();
  readonly counted = { cpu_time: 0, received: 0, sent: 0 };

  add(sample: UsageSample): void {
    const before = this.#latest.get(sample.workspace_id)?.totals;
    this.#latest.set(sample.workspace_id, sample);
    if (before === undefined) return;
    for (const name of ["cpu_time", "received", "sent"] as const) this.counted[name] += Math.max(0, sample.totals[name] - before[name]);
  }

  /** The others are no longer there. */
  keep(workspaces: ReadonlySet<string>): void {
    for (const id of this.#latest.keys()) if (!workspaces.has(id)) this.#latest.delete(id);
  }

  /** Millicores, bytes, bit/s. */
  now(): Record<"cpu" | "ram" | "storage" | "ingress" | "egress", number> {
    const sum = { cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 };
    for (const sample of this.#latest.values())
      for (const name of ["cpu", "ram", "storage", "ingress", "egress"] as const) sum[name] += sample[name];
    return sum;
  }
}
