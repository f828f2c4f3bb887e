import { formatDuration, type UsedOverTime } from "@guise/contract";
import { barsOf } from "./bars.ts";

const [WIDTH, HEIGHT] = [150, 28];

interface DayBarsProps {
  readonly used: Pick<UsedOverTime, "name" | "days">;
  readonly since: string;
  readonly span: number;
}

/** One bar a day, the highest as high as there is room. Who does not see it is told the days with the most. */
export function DayBars({ used: { days }, since, span }: DayBarsProps) {
  const bars = barsOf(days, since, span);
  const step = WIDTH / span;
  const most = days.reduce<(typeof days)[number] | undefined>(
    (best, day) => (best === undefined || day.running > best.running ? day : best),
    undefined,
  );
  const label =
    most === undefined ? "no use" : `on ${days.length} of ${span} days; the most ${formatDuration(most.running)}, on ${most.day}`;
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--mantine-color-default-border)" />
      {bars.map(({ day, share }, index) => (
        <rect
          key={day}
          x={index * step + step * 0.1}
          width={step * 0.8}
          y={HEIGHT - 1 - share * (HEIGHT - 2)}
          height={share * (HEIGHT - 2)}
          fill="var(--mantine-primary-color-filled)"
        />
      ))}
    </svg>
  );
}
