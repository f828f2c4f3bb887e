import type { ApplicationUsage, UsageSample } from "@guise/contract";
import { ApplicationMeter, type ProcessUse } from "./application-meter.ts";

/** What the kernel has counted for a sandbox since it started: cpu in ms, ram and storage in bytes, network in bytes each way. */
export interface SandboxCounters {
  readonly cpu: number;
  readonly ram: number;
  readonly storage: number;
  readonly received: number;
  readonly sent: number;
}

/** One launch as it is written down. Ms since the epoch. */
export interface LaunchFacts {
  readonly id: string;
  readonly application: string;
  readonly isOpen: boolean;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
}

export interface Reading {
  /** Ms since the epoch. */
  readonly at: number;
  readonly counters: SandboxCounters;
  readonly processes: readonly ProcessUse[];
  readonly launches: readonly LaunchFacts[];
}

type Totals = UsageSample["totals"];
interface ApplicationTotals {
  readonly running: number;
  readonly cpu_time: number;
  readonly ram_peak: number;
}

/** What a workspace has used so far, as it is kept over restarts of Guise and of its sandbox. */
export interface KeptUsage {
  readonly workspace: string;
  readonly generation: number;
  /** Ms since the epoch: of the last reading. */
  readonly at: number;
  /** Of the generations before this one, and the counters of this one at the last reading. */
  readonly earlier: Totals;
  readonly counters: Totals;
  readonly applications: Readonly<Record<string, ApplicationTotals>>;
  /** Ms of cpu time that each launch's processes had used at the last reading. */
  readonly standing: Readonly<Record<string, number>>;
  /** The most ram that the kernel ever counted, bytes. */
  readonly ramMost?: number;
}

/** Applications beyond so many are not told apart: a workspace cannot make the account of itself grow without end. */
const MOST_APPLICATIONS = 200;
const NOTHING: Totals = { cpu_time: 0, received: 0, sent: 0 };

/** Reckons what one workspace uses from readings of its sandbox. Pure but for what it remembers. */
export class WorkspaceMeter {
  readonly #workspace: string;
  readonly #generation: number;
  readonly #earlier: Totals;
  readonly #applications: Map<string, ApplicationTotals>;
  readonly #processes = new ApplicationMeter();
  #counters: Totals;
  #at: number;
  /** Before the first reading: what stood at the last one of an earlier Guise. */
  #standing: KeptUsage["standing"] | undefined;
  #isNew: boolean;
  #ramMost: number | undefined;

  /** `kept` is of this generation or of an earlier one; `now` in ms since the epoch. */
  constructor(workspace: string, generation: number, kept: KeptUsage | undefined, now: number) {
    const goesOn = kept?.generation === generation;
    this.#workspace = workspace;
    this.#generation = generation;
    this.#earlier = kept === undefined ? NOTHING : goesOn ? kept.earlier : added(kept.earlier, kept.counters);
    this.#counters = goesOn ? kept.counters : NOTHING;
    this.#applications = new Map(Object.entries(kept?.applications ?? {}));
    this.#at = goesOn ? kept.at : now;
    this.#standing = goesOn ? kept.standing : {};
    this.#isNew = !goesOn;
    this.#ramMost = kept?.ramMost;
  }

  read({ at, counters, processes, launches }: Reading): UsageSample {
    const elapsed = Math.max(1, at - this.#at);
    const next: Totals = { cpu_time: counters.cpu, received: counters.received, sent: counters.sent };
    const grown = differenceOf(next, this.#counters);
    const uses = this.#processes.take(processes, grown.cpu_time);
    const applicationOf = new Map(launches.map(({ id, application }) => [id, application]));
    const now = new Map<string, { cpu: number; ram: number }>();
    for (const [launch, use] of uses) {
      const application = applicationOf.get(launch);
      if (application === undefined) continue;
      const sum = now.get(application) ?? { cpu: 0, ram: 0 };
      const counted = this.#standing?.[launch] ?? 0;
      now.set(application, { cpu: sum.cpu + Math.max(0, use.cpu - counted), ram: sum.ram + use.ram });
    }
    this.#account(launches, now, at);
    // The first reading of a sandbox says how much, not how fast.
    const rate = (amount: number) => (this.#isNew ? 0 : Math.round((amount * 1000) / elapsed));
    const sample: UsageSample = {
      workspace_id: this.#workspace,
      at: new Date(at).toISOString(),
      cpu: rate(grown.cpu_time),
      ram: counters.ram,
      storage: counters.storage,
      ingress: rate(grown.received * 8),
      egress: rate(grown.sent * 8),
      totals: added(this.#earlier, next),
      applications: this.#views(launches, now, rate),
    };
    this.#counters = next;
    this.#at = at;
    this.#isNew = false;
    this.#standing = undefined;
    return sample;
  }

  /** As the kernel counts it for one generation. */
  noteRamMost(bytes: number): void {
    if (bytes > 0) this.#ramMost = Math.max(this.#ramMost ?? 0, bytes);
  }

  get kept(): KeptUsage {
    return {
      workspace: this.#workspace,
      generation: this.#generation,
      at: this.#at,
      earlier: this.#earlier,
      counters: this.#counters,
      applications: Object.fromEntries(this.#applications),
      standing: this.#processes.standing,
      ...(this.#ramMost === undefined ? {} : { ramMost: this.#ramMost }),
    };
  }

  #account(launches: readonly LaunchFacts[], now: ReadonlyMap<string, { readonly cpu: number; readonly ram: number }>, at: number): void {
    for (const application of new Set([...launches.map((launch) => launch.application), ...now.keys()])) {
      const known = this.#applications.get(application);
      if (known === undefined && this.#applications.size >= MOST_APPLICATIONS) continue;
      const ran = launches
        .filter((launch) => launch.application === application)
        .reduce((sum, launch) => sum + ranBetween(launch, this.#at, at), 0);
      const { cpu, ram } = now.get(application) ?? { cpu: 0, ram: 0 };
      this.#applications.set(application, {
        running: (known?.running ?? 0) + ran,
        cpu_time: (known?.cpu_time ?? 0) + cpu,
        ram_peak: Math.max(known?.ram_peak ?? 0, ram),
      });
    }
  }

  #views(
    launches: readonly LaunchFacts[],
    now: ReadonlyMap<string, { readonly cpu: number; readonly ram: number }>,
    rate: (amount: number) => number,
  ): ApplicationUsage[] {
    return applicationViews(Object.fromEntries(this.#applications), launches, (application) => {
      const use = now.get(application);
      return { cpu: rate(use?.cpu ?? 0), ram: use?.ram ?? 0 };
    });
  }
}

/** Per application what is kept of it; `now` says what it uses at the moment. */
export function applicationViews(
  kept: KeptUsage["applications"],
  launches: readonly LaunchFacts[],
  now: (application: string) => { readonly cpu: number; readonly ram: number } = () => ({ cpu: 0, ram: 0 }),
): ApplicationUsage[] {
  const names = new Set([...Object.keys(kept), ...launches.map(({ application }) => application)]);
  return [...names].sort().map((application) => {
    const totals = kept[application] ?? { running: 0, cpu_time: 0, ram_peak: 0 };
    return {
      application,
      launches: launches.filter((launch) => launch.application === application).length,
      running: totals.running,
      cpu_time: Math.round(totals.cpu_time),
      ...now(application),
      ram_peak: totals.ram_peak,
    };
  });
}

export function totalsOf({ earlier, counters }: KeptUsage): Totals {
  return added(earlier, counters);
}

/** Ms that it ran in this span. */
function ranBetween({ startedAt, endedAt, isOpen }: LaunchFacts, from: number, to: number): number {
  const until = isOpen ? to : Math.min(to, endedAt ?? from);
  return Math.max(0, until - Math.max(from, startedAt));
}

function added(a: Totals, b: Totals): Totals {
  return { cpu_time: a.cpu_time + b.cpu_time, received: a.received + b.received, sent: a.sent + b.sent };
}

/** Counters only grow; one that does not is of another sandbox. */
function differenceOf(next: Totals, before: Totals): Totals {
  const grown = (name: keyof Totals) => Math.max(0, next[name] - before[name]);
  return { cpu_time: grown("cpu_time"), received: grown("received"), sent: grown("sent") };
}
