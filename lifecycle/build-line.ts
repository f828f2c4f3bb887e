import type { VersionRow } from "#repository";
import { type BuildWork, workKey } from "./build-work.ts";

/** So many of a long line are told their place; the others are told that they are behind. */
const TOLD = 50;

/**
 * What is to be built, in order: first images before refreshes, and each in the order in which it was asked for. What was asked for in the
 * same moment, as a start does with what it brings, goes by size, so that the first of it is usable soonest.
 */
export function inLine(
  building: readonly VersionRow[],
  refreshing: readonly VersionRow[],
  packagesOf: (version: VersionRow) => number,
): readonly BuildWork[] {
  const byTime = (askedAt: (row: VersionRow) => number) => (a: VersionRow, b: VersionRow) =>
    askedAt(a) - askedAt(b) ||
    packagesOf(a) - packagesOf(b) ||
    (a.persona < b.persona ? -1 : a.persona > b.persona ? 1 : a.version - b.version);
  const refreshedAt = ({ refresh, publishedAt }: VersionRow) => (refresh?.epoch === undefined ? publishedAt : Date.parse(refresh.epoch));
  return [
    ...building.toSorted(byTime(({ publishedAt }) => publishedAt)).map((version) => ({ kind: "build" as const, version })),
    ...refreshing.toSorted(byTime(refreshedAt)).map((version) => ({ kind: "refresh" as const, version })),
  ];
}

/** What each that waits behind `present` says of its place. */
export function placesIn(
  line: readonly BuildWork[],
  present: BuildWork,
): readonly { readonly work: BuildWork; readonly message: string }[] {
  const { persona, version } = present.version;
  const behind = line.filter((work) => workKey(work) !== workKey(present));
  return behind.map((work, at) => {
    const place =
      at === 0 ? "it is next" : at < TOLD ? `${at} more ${at === 1 ? "is" : "are"} ahead of it` : `more than ${TOLD} are ahead of it`;
    return { work, message: `waits for its turn: ${persona} version ${version} is being built, ${place}` };
  });
}
