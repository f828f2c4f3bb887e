import { ProvisioningError, type Unresolved } from "#provisioning";
import type { PythonSource } from "../sources/source-wheel.ts";
import { bareName, type Lock } from "./lock.ts";
import type { FittingVersions } from "./other-python.ts";
import { readUnresolved } from "./read-unresolved.ts";

const MOST = 5_000;
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const VERSION = /^[0-9][A-Za-z0-9.!+_-]{0,99}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const ADDRESS = /^https?:\/\/[!-~]{1,2000}$/;

interface Draft {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly hashes: string[];
  readonly neededBy: string[];
  source?: PythonSource;
}

/** What a resolution came to. */
export interface Resolved {
  readonly lock: Lock;
  /** Packages of the lock that come as source although a wheel of that version would do. */
  readonly wheelToo: readonly string[];
}

/** What the resolving script printed, line by line. All of it is a stranger's word: checked and bounded. */
export class ResolutionReader {
  readonly #packages = new Map<string, Draft>();
  readonly #sourceOnly = new Set<string>();
  readonly #wheelToo: string[] = [];
  readonly #fitting = new Map<string, FittingVersions>();
  #refused: string[] | undefined;

  /** Names of packages without a wheel that fits, where nothing was found for that reason or another. */
  get sourceOnly(): readonly string[] {
    return [...this.#sourceOnly];
  }

  /** Whether the line was one of the result's. */
  push(line: string): boolean {
    if (this.#refused !== undefined) {
      if (this.#refused.length < 500) this.#refused.push(line);
      return true;
    }
    const [kind, name = "", value = "", more = ""] = line.split("\t");
    if (kind === "refused") this.#refused = [];
    else if (kind === "source_only" && this.#sourceOnly.size < MOST) this.#sourceOnly.add(checked(NAME, bareName(name)));
    else if (kind === "fits" && this.#fitting.size < 10)
      this.#fitting.set(checked(NAME, bareName(name)), { oldest: checked(VERSION, value), newest: checked(VERSION, more) });
    else if (kind === "package") this.#add(name, value, more);
    else if (kind === "source") this.#addSource(name, value, more);
    else if (kind === "wheel_too" && this.#packages.has(name)) this.#wheelToo.push(name);
    else if (kind === "hash") this.#packages.get(name)?.hashes.push(checked(DIGEST, value));
    else if (kind === "needs") this.#packages.get(name)?.neededBy.push(checked(NAME, value));
    else return false;
    return true;
  }

  /** In the order of their names. Rejects `image_build_failed` with why `wanted` cannot be had together. */
  end(wanted: readonly string[]): Resolved {
    if (this.#refused !== undefined) {
      const unresolved = readUnresolved(this.#refused.join("\n"), wanted, this.#fitting);
      throw new ProvisioningError("image_build_failed", unresolved.message, { detail: { unresolved } });
    }
    return { lock: [...this.#packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), wheelToo: this.#wheelToo };
  }

  #addSource(name: string, sha256: string, url: string): void {
    const draft = this.#packages.get(name);
    if (draft === undefined) return;
    draft.source = { sha256: checked(DIGEST, sha256), url: checked(ADDRESS, url) };
    draft.hashes.push(sha256);
  }

  #add(name: string, version: string, bytes: string): void {
    if (this.#packages.size >= MOST) throw new ProvisioningError("image_build_failed", `more than ${MOST} Python packages would be needed`);
    const draft = { name: checked(NAME, name), version: checked(VERSION, version), bytes: Number(bytes) || 0, hashes: [], neededBy: [] };
    this.#packages.set(draft.name, draft);
  }
}

/** What stands against a set of packages, where an error is about that. */
export function unresolvedOf(error: unknown): Unresolved | undefined {
  return error instanceof ProvisioningError ? (error.detail.unresolved as Unresolved | undefined) : undefined;
}

function checked(pattern: RegExp, text: string): string {
  if (pattern.test(text)) return text;
  throw new ProvisioningError("image_build_failed", `the package index gave what is no name, version or digest: ${text.slice(0, 80)}`);
}
