import { SPECIAL_RANGES } from "@guise/contract";
import { formatRange, parseRange, type Range, subtract, withoutContained } from "./cidr.ts";

export interface AddressSets {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

/**
 * Ranges that no workspace reaches, whatever is allowed: the special ones, the openable less what operators opened, and
 * `own` (addresses of the host, the bridge's range with gateway and peers, the broker's listeners), which nothing opens.
 */
export function denySet(openedRanges: readonly string[], own: readonly string[]): AddressSets {
  const opened = ranges(openedRanges);
  const special = SPECIAL_RANGES.flatMap(({ cidr, openable }) =>
    openable === true ? ranges([cidr]).flatMap((range) => subtract(range, opened)) : ranges([cidr]),
  );
  return byFamily([...special, ...ranges(own)]);
}

/** Texts as nft elements, by family; what is no range is left out. */
export function addressSets(texts: readonly string[]): AddressSets {
  return byFamily(ranges(texts));
}

function byFamily(all: readonly Range[]): AddressSets {
  const distinct = withoutContained(all);
  const of = (family: 4 | 6) => distinct.filter((range) => range.family === family).map(formatRange);
  return { v4: of(4), v6: of(6) };
}

function ranges(texts: readonly string[]): Range[] {
  return texts.flatMap((text) => parseRange(text) ?? []);
}
