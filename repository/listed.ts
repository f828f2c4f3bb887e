/**
 * The values of an IN list, the last one repeated up to a power of two: lists of every length would make statements of every length, and
 * each of them is compiled and kept.
 */
export function listed(values: readonly string[]): readonly string[] {
  const last = values.at(-1);
  if (last === undefined) return values;
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array.from({ length: length - values.length }, () => last)];
}
