const WIDTH = 240;
const HEIGHT = 36;

interface SparklineProps {
  readonly values: readonly number[];
  /** What the top of the picture means. */
  readonly most: number;
  readonly name: string;
}

/** The last minutes as a line; the figures beside it say the same. */
export function Sparkline({ values, most, name }: SparklineProps) {
  const top = Math.max(most, ...values, 1);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(HEIGHT - (value / top) * HEIGHT).toFixed(1)}`).join(" ");
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name} over the last minutes`}
    >
      <polyline
        points={points}
        fill="none"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
