import type { UsedOverTime } from "@guise/contract";

const DAY = 86_400_000;

/** Each of the days with its share of the highest, from 0 to 1; those on which nothing ran too. */
export function barsOf(
  days: UsedOverTime["days"],
  since: string,
  span: number,
): readonly { readonly day: string; readonly share: number }[] {
  const running = new Map(days.map((one) => [one.day, one.running]));
  const most = Math.max(1, ...running.values());
  return Array.from({ length: span }, (_, index) => {
    const day = new Date(Date.parse(since) + index * DAY).toISOString().slice(0, 10);
    return { day, share: (running.get(day) ?? 0) / most };
  });
}
