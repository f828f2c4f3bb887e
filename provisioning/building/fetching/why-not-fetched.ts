import { ProvisioningError } from "#provisioning";
import { failedFetching } from "../box/fetch-failure.ts";

/** Characters of a line that are looked at. */
const MOST_LINE = 1_000;
/** What bash has of a program that the kernel ended, as it does for memory. */
const KILLED = 137;

const NOT_THE_SAME = "the mirror gave another file than its index names (its digest differs), and it was not taken";
const BROKE_OFF = "the mirror broke off in the middle, however often it was asked";
const SAID_NOTHING = "the mirror gave nothing for too long, however often it was asked";
const LATER = "try again later, or tell whoever runs the mirror";

interface Rule {
  /** What it takes hold of is what it is about. */
  readonly pattern: RegExp;
  readonly reason: string;
  readonly help: string;
}

/** What uv, npm and apt say, the plainest cause first. */
const RULES: readonly Rule[] = [
  {
    pattern: /Unsupported platform for (@?[^@\s]{1,214}@[^\s:]{1,100}):/,
    reason: "its authors made it for another system or another kind of processor than a workspace has",
    help: "leave it out",
  },
  {
    pattern: /No matching version found for (@?[^@\s]{1,214}@.{1,100}?)\.?$/,
    reason: "there is no such version of it",
    help: "take another version of it, or of what needs it",
  },
  { pattern: /Hash mismatch for `|Hash Sum mismatch|\bEINTEGRITY\b/, reason: NOT_THE_SAME, help: LATER },
  { pattern: /No space left on device|\bENOSPC\b/, reason: "the disk is full", help: "remove what is not needed any more, and try again" },
  {
    pattern: /operation timed out|Connection timed out|\bE(?:SOCKET)?TIMEDOUT\b|\bERR_SOCKET_TIMEOUT\b|idle-timeout|network timeout/,
    reason: SAID_NOTHING,
    help: LATER,
  },
  {
    pattern:
      /before message length reached|before message completed|[Cc]onnection (?:reset|closed|failed)|\bECONNRESET\b|Premature close|socket hang up|unexpected (?:end of file|EOF)|Unexpected end of file|Undetermined Error/,
    reason: BROKE_OFF,
    help: LATER,
  },
];

/** Where a line says which file or package it is about. */
const ABOUT: readonly RegExp[] = [
  /Hash mismatch for `([^`]{1,200})`/,
  /Failed to download `([^`]{1,200})`/,
  /tarball data for (@?[^@\s]{1,214})@/,
  /Failed to fetch:? (\S{1,500})/,
  /npm http fetch GET (\S{1,500}) attempt \d+ failed/,
];

/** Reads what a fetch says while it runs; when it failed, what could not be fetched and why, in one sentence. */
export class FetchFailureReader {
  readonly #found = new Map<Rule, string | undefined>();
  #about: string | undefined;

  push(whole: string): void {
    const line = whole.slice(0, MOST_LINE);
    for (const rule of RULES) {
      const match = this.#found.has(rule) ? null : rule.pattern.exec(line);
      if (match !== null) this.#found.set(rule, match[1]);
    }
    this.#about ??= ABOUT.map((pattern) => pattern.exec(line)?.[1]).find((name) => name !== undefined);
  }

  /** The error that is told instead of the tool's own words, where they say why. `title`: of what was fetched. */
  told(error: unknown, title: string): unknown {
    if (!(error instanceof ProvisioningError) || !failedFetching(error)) return error;
    const rule = RULES.find((one) => this.#found.has(one));
    const about = this.#about === undefined ? title : fileOf(this.#about);
    if (rule !== undefined) return telling(error, `${this.#found.get(rule) ?? about} could not be fetched: ${rule.reason}; ${rule.help}`);
    if (error.detail.exit !== KILLED) return error;
    return telling(error, `${title} could not be fetched: that takes more memory than a build has (2 GiB); take a smaller package`);
  }
}

function telling(error: ProvisioningError, message: string): ProvisioningError {
  return new ProvisioningError(error.code, message, { cause: error, detail: error.detail });
}

/** Of an address the file's name: addresses may hold passwords. */
function fileOf(about: string): string {
  const [path = ""] = about.split(/[?#]/);
  return path.slice(path.lastIndexOf("/") + 1);
}
