import type { BuildReport } from "#provisioning";
import type { ChainLayer, LayerMaker } from "./layer-chain.ts";

/** What a layer takes beside the others, measured: a share of the whole image's percentage. */
const WEIGHTS: Readonly<Record<LayerMaker, number>> = { apt: 10, pip: 8, pipx: 4, npm: 4, node: 4, locale: 3, close: 2 };

/** A report of which the percentages lie between `from` and `to` of the whole. */
export function partOf(whole: BuildReport, from: number, to: number): BuildReport {
  return {
    downloaded: (took) => whole.downloaded(took),
    log: (line) => whole.log(line),
    progress: (message, percent) =>
      whole.progress(message, percent === undefined ? undefined : Math.floor(from + (percent / 100) * (to - from))),
  };
}

/** Turns the percentage of one layer into that of the whole build. It never falls, though a manager counts anew at each step. */
export function layerReport(layers: readonly ChainLayer[], index: number, whole: BuildReport): BuildReport {
  const weight = (some: readonly ChainLayer[]) => some.reduce((sum, { maker }) => sum + WEIGHTS[maker], 0);
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
