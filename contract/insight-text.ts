import { formatBytes, formatCpu } from "./units.ts";
import type { UsageInsight } from "./usage-over-time.ts";

const DIMENSIONS = { cpu: "cpu", ram: "memory", storage: "storage" } as const;

/** What was found, and what would do, in two sentences. */
export function insightText(insight: UsageInsight, days: number): { readonly found: string; readonly remedy: string } {
  if (insight.kind === "unused_application") {
    const found = `Nobody of ${insight.people} people opened ${insight.application_name} in ${days} days.`;
    return { found, remedy: "Without it the image is smaller and builds faster." };
  }
  const { dimension, asked, used, suggested, people } = insight;
  const format = dimension === "cpu" ? formatCpu : formatBytes;
  const what = `Each workspace asks for ${format(asked)} ${dimension === "cpu" ? "" : `of ${DIMENSIONS[dimension]} `}`.trimEnd();
  const found = `${what}; the most that one of ${people} people used in a minute was ${format(used)}.`;
  if (insight.kind === "more_than_used")
    return { found, remedy: `${format(suggested)} would do, with half as much again as was ever used.` };
  return { found, remedy: `${format(suggested)} would leave room.` };
}
