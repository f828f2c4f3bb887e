import type { ChainLayer, LayerMaker } from "./layer-chain.ts";

/**
 * Ms that a layer takes whatever is in it, on two cores that have nothing else to do: its box, what is fetched with, its keeping. Those of apt, pip
 * and the closing were measured; the others are guessed beside them, and what is learned here moves all alike.
 */
const ALWAYS: Readonly<Record<LayerMaker, number>> = {
  apt: 7_000,
  pip: 3_000,
  pipx: 6_000,
  npm: 7_000,
  node: 8_000,
  locale: 4_000,
  display: 25_000,
  close: 8_000,
};
/** Ms more for each package of apt and npm that somebody names, and for each MiB of Python's, whose sizes are known. */
const EACH = { apt: 700, npm: 700, pipMebibyte: 150 } as const;
/** How much the newest layer says of how fast this machine and its mirrors are. */
const NEWEST = 0.3;
/** Nobody's clock is to be believed beyond that. */
const [SLOWEST, FASTEST] = [20, 0.2];

/** What a layer is expected to take, beside others: ms of a machine with nothing else to do. Pure. */
export function expectedMs({ maker, packages, lock = [] }: Pick<ChainLayer, "maker" | "packages" | "lock">): number {
  const bytes = lock.reduce((sum, locked) => sum + locked.bytes, 0);
  const more = maker === "apt" || maker === "npm" ? packages.length * EACH[maker] : (bytes / 2 ** 20) * EACH.pipMebibyte;
  return ALWAYS[maker] + more;
}

/** Learns from each layer how fast layers are made here. */
export class LayerPace {
  #factor = 1;

  learn(layer: ChainLayer, took: number): void {
    const factor = Math.min(SLOWEST, Math.max(FASTEST, took / expectedMs(layer)));
    this.#factor += NEWEST * (factor - this.#factor);
  }

  /** Ms that these take here, one after another. */
  expected(layers: readonly ChainLayer[]): number {
    return Math.round(this.#factor * layers.reduce((sum, layer) => sum + expectedMs(layer), 0));
  }
}
