import { formatBytes, formatCpu } from "./units.ts";
import type { UsageInsight } from "./usage-over-time.ts";

/** Cores are used for moments; what counts is a whole minute. */
const WORDS = {
  cpu: { of: "", when: " in a minute" },
  ram: { of: " of memory", when: "" },
  storage: { of: " of storage", when: "" },
} as const;

/** What was found, and what would do, in two sentences. */
export function insightText(insight: UsageInsight, days: number): { readonly found: string; readonly remedy: string } {
  if (insight.kind === "unused_application") {
    const found = `Nobody of ${insight.people} people opened ${insight.application_name} in ${days} days.`;
    const size = insight.image_bytes === undefined ? "" : `, now ${formatBytes(insight.image_bytes)},`;
    return { found, remedy: `Without it the image${size} is smaller and builds faster.` };
  }
  const { dimension, asked, used, suggested, people } = insight;
  const amount = (value: number) => (dimension === "cpu" ? formatCpu(value) : formatBytes(value));
  const { of, when } = WORDS[dimension];
  const found = `Each workspace asks for ${amount(asked)}${of}; the most that one of ${people} people used${when} was ${amount(used)}.`;
  if (insight.kind === "more_than_used")
    return { found, remedy: `${amount(suggested)} would do, with half as much again as was ever used.` };
  return { found, remedy: `${amount(suggested)} would leave room.` };
}
