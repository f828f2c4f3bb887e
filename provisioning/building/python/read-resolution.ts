import { ProvisioningError } from "#provisioning";
import type { Lock } from "./lock.ts";
import { type Refusal, readRefusal } from "./read-refusal.ts";

const MOST = 5_000;
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const VERSION = /^[0-9][A-Za-z0-9.!+_-]{0,99}$/;
const DIGEST = /^[0-9a-f]{64}$/;

interface Draft {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  readonly hashes: string[];
  readonly neededBy: string[];
}

/** What the resolving script printed, line by line. All of it is a stranger's word: checked and bounded. */
export class ResolutionReader {
  readonly #packages = new Map<string, Draft>();
  #refusal: string[] | undefined;

  /** Whether the line was one of the result's. */
  push(line: string): boolean {
    if (this.#refusal !== undefined) {
      if (this.#refusal.length < 500) this.#refusal.push(line);
      return true;
    }
    const [kind, name = "", value = "", bytes = ""] = line.split("\t");
    if (kind === "refused") this.#refusal = [];
    else if (kind === "package") this.#add(name, value, bytes);
    else if (kind === "hash") this.#packages.get(name)?.hashes.push(checked(DIGEST, value));
    else if (kind === "needs") this.#packages.get(name)?.neededBy.push(checked(NAME, value));
    else return false;
    return true;
  }

  /** In the order of their names. Rejects `image_build_failed` with why `wanted` cannot be had together. */
  end(wanted: readonly string[]): Lock {
    if (this.#refusal !== undefined) {
      const refusal = readRefusal(this.#refusal.join("\n"), wanted);
      throw new ProvisioningError("image_build_failed", refusal.message, { detail: { refusal } });
    }
    return [...this.#packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #add(name: string, version: string, bytes: string): void {
    if (this.#packages.size >= MOST) throw new ProvisioningError("image_build_failed", `more than ${MOST} Python packages would be needed`);
    const draft = { name: checked(NAME, name), version: checked(VERSION, version), bytes: Number(bytes) || 0, hashes: [], neededBy: [] };
    this.#packages.set(draft.name, draft);
  }
}

/** What stands against a set of packages, where an error is about that. */
export function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof ProvisioningError ? (error.detail.refusal as Refusal | undefined) : undefined;
}

function checked(pattern: RegExp, text: string): string {
  if (pattern.test(text)) return text;
  throw new ProvisioningError("image_build_failed", `the package index gave what is no name, version or digest: ${text.slice(0, 80)}`);
}
