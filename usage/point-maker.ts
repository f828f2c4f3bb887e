import type { UsagePoint, UsageSample } from "@guise/contract";

type Totals = UsageSample["totals"];

/** Gathers samples into points of one length each, aligned to the epoch. */
export class PointMaker {
  readonly #length: number;
  #open: { readonly from: number; readonly samples: UsageSample[]; readonly first: Totals } | undefined;
  #last: Totals | undefined;

  /** `length` in ms. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Gives the point that this sample closes, if it does. */
  add(sample: UsageSample): UsagePoint | undefined {
    const at = new Date(sample.at).getTime();
    const from = at - (at % this.#length);
    const closed = this.#open !== undefined && this.#open.from !== from ? this.close() : undefined;
    this.#open ??= { from, samples: [], first: this.#last ?? sample.totals };
    this.#open.samples.push(sample);
    this.#last = sample.totals;
    return closed;
  }

  /** The point so far; the next sample begins another one. */
  close(): UsagePoint | undefined {
    const open = this.#open;
    this.#open = undefined;
    const last = open?.samples.at(-1);
    if (open === undefined || last === undefined) return undefined;
    const { samples, first } = open;
    const mean = (of: (sample: UsageSample) => number) => Math.round(samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length);
    const until = Math.min(open.from + this.#length, new Date(last.at).getTime());
    return {
      at: new Date(open.from).toISOString(),
      covers: Math.max(1, until - open.from),
      cpu: mean(({ cpu }) => cpu),
      ram: mean(({ ram }) => ram),
      ram_peak: Math.max(...samples.map(({ ram }) => ram)),
      storage: last.storage,
      received: last.totals.received - first.received,
      sent: last.totals.sent - first.sent,
    };
  }
}
