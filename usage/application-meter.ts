/** One process of a sandbox, as the kernel counts it. */
export interface ProcessUse {
  /** Number and time of birth: the same never again. */
  readonly id: string;
  /** Of its parent; undefined for one outside the sandbox. */
  readonly parent: string | undefined;
  /** The launch that it says it belongs to. Reported from inside: counted only within its own workspace. */
  readonly launch: string | undefined;
  /** Ms of cpu time: its own, and of children that it has waited for. */
  readonly cpu: number;
  /** Bytes that only it holds. */
  readonly ram: number;
}

export interface LaunchUse {
  /** Ms of cpu time since the sample before. */
  readonly cpu: number;
  readonly ram: number;
}

/**
 * What each launch used between two looks at the processes of a sandbox. A process that ended is found in its parent's count; what it had
 * used before is not lost where its parent is none of the launch's, and what no process accounts for any more goes to the launches that
 * ended meanwhile.
 */
export class ApplicationMeter {
  #before = new Map<string, ProcessUse>();

  /** Ms of cpu time that the processes of each launch have used in all, as of the last look. */
  get standing(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { launch, cpu } of this.#before.values()) if (launch !== undefined) sums[launch] = (sums[launch] ?? 0) + cpu;
    return sums;
  }

  /** `sandbox`: ms of cpu time that the whole sandbox used since the look before. */
  take(processes: readonly ProcessUse[], sandbox: number): ReadonlyMap<string, LaunchUse> {
    const now = new Map(processes.map((process) => [process.id, process]));
    const uses = new Map<string, { cpu: number; ram: number }>();
    const of = (launch: string) => {
      const use = uses.get(launch) ?? { cpu: 0, ram: 0 };
      uses.set(launch, use);
      return use;
    };
    let accounted = 0;
    for (const process of now.values()) {
      const grown = process.cpu - (this.#before.get(process.id)?.cpu ?? 0);
      accounted += grown;
      if (process.launch === undefined) continue;
      const use = of(process.launch);
      use.cpu += grown;
      use.ram += process.ram;
    }
    const ended = new Set<string>();
    for (const process of this.#before.values()) {
      if (now.has(process.id)) continue;
      const parent = this.#heirOf(process, now);
      // Its count has grown by all that this one ever used; what was counted already comes off.
      if (parent !== undefined) {
        accounted -= process.cpu;
        if (parent.launch !== undefined) of(parent.launch).cpu -= process.cpu;
        if (process.launch !== undefined && parent.launch !== process.launch) ended.add(process.launch);
      } else if (process.launch !== undefined) ended.add(process.launch);
    }
    const unaccounted = Math.max(0, sandbox - Math.max(0, accounted));
    for (const launch of ended) of(launch).cpu += unaccounted / ended.size;
    this.#before = now;
    return new Map([...uses].map(([launch, { cpu, ram }]) => [launch, { cpu: Math.max(0, cpu), ram }]));
  }

  /** Who has waited for it: its parent, or that one's where the parent has ended too. */
  #heirOf(process: ProcessUse, now: ReadonlyMap<string, ProcessUse>): ProcessUse | undefined {
    const seen = new Set<string>();
    for (let parent = process.parent; parent !== undefined && !seen.has(parent); parent = this.#before.get(parent)?.parent) {
      seen.add(parent);
      const living = now.get(parent);
      if (living !== undefined) return living;
    }
    return undefined;
  }
}
