import type { BuildReport } from "#provisioning";
import { expectedMs } from "./expected-time.ts";
import type { ChainLayer } from "./layer-chain.ts";

/** A report of which the percentages lie between `from` and `to` of the whole. */
export function partOf(whole: BuildReport, from: number, to: number): BuildReport {
  return {
    downloaded: (took) => whole.downloaded(took),
    log: (line) => whole.log(line),
    progress: (message, percent) =>
      whole.progress(message, percent === undefined ? undefined : Math.floor(from + (percent / 100) * (to - from))),
  };
}

/** Turns the percentage of one layer into that of the whole build, by what each is expected to take. It never falls, though a manager counts anew at each step. */
export function layerReport(layers: readonly ChainLayer[], index: number, whole: BuildReport): BuildReport {
  const weight = (some: readonly ChainLayer[]) => some.reduce((sum, layer) => sum + expectedMs(layer), 0);
  const before = weight(layers.slice(0, index));
  const own = weight(layers.slice(index, index + 1));
  const total = weight(layers);
  let highest = 0;
  return {
    downloaded: (took) => whole.downloaded(took),
    log: (line) => whole.log(line),
    progress(message, percent) {
      if (percent !== undefined) highest = Math.max(highest, Math.floor((100 * (before + (own * percent) / 100)) / total));
      whole.progress(message, percent === undefined ? undefined : highest);
    },
  };
}

/** Work of which nobody knows beforehand that it is needed: its percentages would make the whole one's fall. */
export function wordsOf(report: BuildReport): BuildReport {
  return {
    downloaded: (took) => report.downloaded(took),
    log: (line) => report.log(line),
    progress: (message) => report.progress(message, undefined),
  };
}
