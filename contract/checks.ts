import { CHECK_OUTPUT, CHECK_WITHIN, LONGEST_CHECK } from "./check-limits.ts";
import type { PersonaCheck } from "./check-schema.ts";
import { plainText } from "./text.ts";
import { formatDuration, parseDuration } from "./units.ts";

/** What a check did. */
export interface CheckSeen {
  /** Absent where it did not end in time. */
  readonly exit?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** More than `CHECK_OUTPUT` came, and it was ended. */
  readonly isTooLong?: boolean | undefined;
}

/** Of what a check expects and does so much is shown. */
const SHOWN = 300;

/** Ms. */
export function timeOfCheck({ within = CHECK_WITHIN }: Pick<PersonaCheck, "within">): number {
  return Math.min(LONGEST_CHECK, parseDuration(within));
}

/** What is wrong, what was expected and what was seen, safe to show; undefined: it passed. */
export function faultOfCheck(check: PersonaCheck, seen: CheckSeen): string | undefined {
  const { exit = 0, stdout } = check.expect;
  if (seen.isTooLong === true) return `it wrote more than ${CHECK_OUTPUT / 1024} KiB`;
  if (seen.exit === undefined) return `it did not end within ${formatDuration(timeOfCheck(check))}${saying(seen)}`;
  if (seen.exit !== exit) return `expected exit ${exit}, seen ${seen.exit}${saying(seen)}`;
  const said = withoutLastBreak(seen.stdout);
  if (stdout === undefined || withoutLastBreak(stdout) === said) return undefined;
  return `expected ${shown(stdout)}, seen ${shown(said)}`;
}

/** As people call it: what it runs. */
export function nameOfCheck({ run }: Pick<PersonaCheck, "run">): string {
  return plainText(run, 120);
}

function saying({ stderr, stdout }: CheckSeen): string {
  const words = plainText((stderr.trim() === "" ? stdout : stderr).trim().slice(-SHOWN), SHOWN);
  return words === "" ? "" : `: ${words}`;
}

function shown(text: string): string {
  return `"${plainText(text, SHOWN)}"`;
}

function withoutLastBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}

interface Checked {
  readonly checks?: readonly PersonaCheck[] | undefined;
  readonly environments?: Readonly<Record<string, unknown>> | undefined;
}

/** Those of an environment: an overlay's list takes the place of the persona's. */
export function checksIn({ checks = [], environments = {} }: Checked, environment: string): readonly PersonaCheck[] {
  const overlay = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  if (typeof overlay !== "object" || overlay === null || !Object.hasOwn(overlay, "checks")) return checks;
  return (overlay as Checked).checks ?? [];
}
