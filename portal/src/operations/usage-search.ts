import { USAGE_DAYS } from "@guise/contract";

/** For which days use is looked at; part of the page's address. */
export const USAGE_SPANS = [7, USAGE_DAYS.usual] as const;
export type UsageSpan = (typeof USAGE_SPANS)[number];

export function usageSearch({ days }: Record<string, unknown>): { days?: UsageSpan } {
  const span = USAGE_SPANS.find((one) => one === days);
  return span === undefined || span === USAGE_DAYS.usual ? {} : { days: span };
}
