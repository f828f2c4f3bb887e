import { Text, Tooltip } from "@mantine/core";
import { useNow } from "./use-now.ts";

const STEPS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** "3 minutes ago", with the exact time behind it. `at` is RFC 3339. */
export function Ago({ at }: { readonly at: string }) {
  const now = useNow(30_000);
  return (
    <Tooltip label={exact.format(new Date(at))}>
      <Text span inherit component="time" dateTime={at} tabIndex={0}>
        {agoText(new Date(at).getTime() - now)}
      </Text>
    </Tooltip>
  );
}

export function agoText(difference: number): string {
  for (const [unit, size] of STEPS) if (Math.abs(difference) >= size) return words.format(Math.round(difference / size), unit);
  return difference > 0 ? "in a moment" : "just now";
}
