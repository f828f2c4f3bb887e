import { formatBytes, formatDuration, plainText } from "@guise/contract";
import type { Output } from "../output.ts";

/** Shows a transfer on its way, at most ten times a second. */
export function transferLine(output: Output, named: string, total: number | undefined, now: () => number) {
  const what = plainText(named);
  const began = now();
  let shown = began;
  return {
    moved(bytes: number): void {
      if (now() - shown < 100) return;
      shown = now();
      const of = total === undefined ? "" : ` of ${formatBytes(total)}`;
      const rate = formatBytes(Math.round((bytes * 1000) / Math.max(1, shown - began)));
      output.moving(`${what}: ${formatBytes(bytes)}${of}, ${rate}/s`);
    },
    done(bytes: number): void {
      output.still();
      output.note(`copied ${what}: ${formatBytes(bytes)} in ${formatDuration(now() - began)}`);
    },
  };
}
