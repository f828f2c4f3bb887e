/** What a core's worth weighs against others; counts only when the machine is busy. The kernel knows nothing below 2. */
export const CORE_SHARES = 1024;

/**
 * The engine's settings for so many millicores: no more than these, and on a busy machine a part in proportion to them. With the
 * engine's own weight, the same for everybody, a small workspace that does its worst would take as much as a large one is promised.
 */
export function cpuLimits(millicores: number): { readonly NanoCpus: number; readonly CpuShares: number } {
  return { NanoCpus: millicores * 1e6, CpuShares: Math.max(2, Math.round((millicores / 1000) * CORE_SHARES)) };
}
