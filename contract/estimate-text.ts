import type { Estimate } from "./estimate.ts";

/** "about 3 min (1 to 8 min)"; one figure where the spread is no news. */
export function estimateText({ ready_in: { low, likely, high } }: Estimate): string {
  const middle = coarse(likely);
  const from = coarse(low);
  const to = coarse(high);
  if (from.text === to.text) return `about ${middle.text}`;
  const first = from.unit === to.unit ? String(from.value) : from.text;
  return `about ${middle.text} (${first} to ${to.text})`;
}

/** "40 s", "3 min": as exact as an estimate is. */
export function roughly(milliseconds: number): string {
  return coarse(milliseconds).text;
}

/** As exact as an estimate is: 1, 2, 5, 10, 20 … s; whole minutes; half hours. */
function coarse(milliseconds: number): { readonly value: number; readonly unit: string; readonly text: string } {
  const seconds = milliseconds / 1000;
  const [value, unit] =
    seconds < 10
      ? [Math.max(1, Math.round(seconds)), "s"]
      : seconds < 55
        ? [Math.round(seconds / 5) * 5, "s"]
        : seconds < 90 * 60
          ? [Math.max(1, Math.round(seconds / 60)), "min"]
          : [Math.round(seconds / 1800) / 2, "h"];
  return { value, unit, text: `${value} ${unit}` };
}
