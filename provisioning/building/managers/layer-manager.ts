/** How far one phase is, and what is being done. */
export interface PhaseStep {
  readonly message: string;
  readonly percent: number | undefined;
}

/**
 * One way to make a layer. The scripts run as root in a build box by `bash -euo pipefail`, with `$B` (tmpfs with the phase's
 * files), `$F` (what was fetched; removed before the layer is kept), `$target` (`folder`), and the array `packages`.
 */
export interface LayerManager {
  /** Only the manager's own code runs, with the mirrors open. */
  readonly fetch: string;
  /** No network at all; the packages' scripts run. */
  readonly install: string;
  /** Absolute paths that fetching leaves and installing needs, of which `$F` and `$target` may be parts: they are carried where the two happen apart. */
  readonly fetched: readonly string[];
  /** Files of the image that fetching looks at, carried to `$F/seen` where it happens apart. */
  readonly sees?: readonly string[];
  /** What is left to do in the image where `$target` was carried in from a workshop, instead of being installed there. */
  readonly link?: string;
  /** Reads a line of either script's output. */
  readStep(line: string): PhaseStep | undefined;
  /** The package's bare name, or undefined when the argument is anything but a name with a version: no URL, file, git address or option. */
  packageName(argument: string): string | undefined;
  /** Where in the image the packages of an application lie: one folder for all where they are to meet. */
  folder(application: string): string;
  /**
   * Says what is in the finished image, in lines of tab-separated fields: `installed NAME VERSION`, and for each line
   * `ARGUMENT NAME FOLDER` of the file `$B/named`: `program ARGUMENT PATH THROUGH` (or
   * `interactive`, where it is known to want a terminal; `THROUGH`, if any, is the package that it was found in), `entry ARGUMENT PATH` with
   * `field KEY=VALUE` lines.
   */
  readonly list: string;
  /**
   * With the mirrors open, says which of the array `packages` no mirror has: `missing ARGUMENT`, tab-separated, and, where the
   * manager knows all names, `known NAME` for each once something is missing; or `clash WORDS`, its own, where all are there and do not go together. Fails when the mirrors' metadata cannot be read.
   */
  readonly check: string;
}
