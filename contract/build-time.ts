import { formatDuration } from "./units.ts";

/** "1.12 min, 31 s of it downloads", for people; "" of a build that has not ended. */
export function formatBuildTime({
  took,
  downloading,
}: {
  readonly took?: number | undefined;
  readonly downloading?: number | undefined;
}): string {
  if (took === undefined) return "";
  return downloading === undefined ? formatDuration(took) : `${formatDuration(took)}, ${formatDuration(downloading)} of it downloads`;
}
