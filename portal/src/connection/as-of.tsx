import { formatDuration } from "@guise/contract";
import { Text } from "@mantine/core";
import { useNow } from "../kit/use-now.ts";
import { clockText } from "./clock-text.ts";

interface AsOfProps {
  /** When the answer came that is shown, ms since the epoch. */
  readonly at: number;
  /** How often it is asked for, ms. */
  readonly every: number;
}

/** Time for an answer before its lateness is worth words. */
const PATIENCE = 1_000;

/** The age of what is shown, once a newer answer is late. */
export function AsOf({ at, every }: AsOfProps) {
  const age = useNow(500) - at;
  if (age < every + PATIENCE) return null;
  return (
    <Text size="sm">
      As of {clockText(at)}, {formatDuration(Math.floor(age / 1000) * 1000)} ago: Guise has not answered since. It is asked again by itself.
    </Text>
  );
}
