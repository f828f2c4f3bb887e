import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** One file of vitest's JSON report; times in ms. */
export interface TestFile {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
}

const TOLD = 10;
/** Seconds from which a file has to say why it takes them. */
const SLOW = 60;
/** The line of a file's head comment that says it. */
const REASON = /^(?:\/\*\*| \*) Slow: (?<reason>.+?)(?: \*\/)?$/m;

/** The ten slowest files, a line each; what takes more than a minute with the reason that stands in its head. */
export function slowestFiles(files: readonly TestFile[], root: string, read = (path: string) => readFileSync(path, "utf8")): string[] {
  return files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, TOLD)
    .map(({ name, seconds }) => {
      const line = `${seconds.toFixed(1).padStart(7)} s  ${relative(root, name)}`;
      return seconds <= SLOW ? line : `${line}: ${REASON.exec(read(name))?.groups?.reason ?? "its head does not say why"}`;
    });
}
