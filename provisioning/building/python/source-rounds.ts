import { ProvisioningError, type Unresolved } from "#provisioning";
import type { SourceWheel } from "../sources/source-wheel.ts";
import type { KnownSources } from "../sources/sources-file.ts";
import type { Lock, LockedPackage } from "./lock.ts";
import { type ResolutionReader, unresolvedOf } from "./read-resolution.ts";

/** A package that has no wheel, as it was chosen. */
export type SourcePackage = LockedPackage & { readonly source: NonNullable<LockedPackage["source"]> };

export type Round =
  /** Ask again, knowing more. */
  | { readonly next: "ask" }
  /** These must tell what they need before it is known whether all fit. */
  | { readonly next: "tell"; readonly packages: readonly SourcePackage[] }
  | { readonly next: "done"; readonly lock: Lock };

/** Each round learns of at least one package or version more; so many sources in one environment are nobody's real list. */
const MOST_ROUNDS = 60;

/**
 * A resolution in rounds. The first allows wheels only; where it finds nothing, what has no wheel may come as source, and is believed to need
 * nothing until its source has told; and so on until all that was chosen is known. No package's code takes part.
 */
export class SourceRounds {
  readonly #names = new Set<string>();
  readonly #wheels: SourceWheel[] = [];
  /** What has wheels in the versions that fit, though earlier ones have none. */
  readonly #asWheels = new Set<string>();
  readonly #allowed: boolean;
  #firstRefusal: unknown;
  #count = 0;

  /** `allowed`: whether this installation builds sources. */
  constructor(allowed: boolean) {
    this.#allowed = allowed;
  }

  get known(): KnownSources {
    return { names: [...this.#names], wheels: this.#wheels };
  }

  /** Rejects as `ResolutionReader.end`: with the first refusal where sources were of no help. */
  answered(reader: ResolutionReader, wanted: readonly string[]): Round {
    if (++this.#count > MOST_ROUNDS)
      throw new ProvisioningError("image_build_failed", "the Python packages need too many others that are there as source only");
    const news = reader.sourceOnly.filter((name) => !this.#names.has(name) && !this.#asWheels.has(name));
    try {
      const { lock, wheelToo } = reader.end(wanted);
      if (wheelToo.length > 0 && this.#firstRefusal !== undefined) {
        // With a wheel of that version nothing fitted before: its code would say the same. What else may come as source may mend it.
        for (const name of wheelToo) if (this.#names.delete(name)) this.#asWheels.add(name);
        if (this.#names.size === 0) throw this.#firstRefusal;
        return { next: "ask" };
      }
      const untold = lock.filter((locked): locked is SourcePackage => locked.source !== undefined && this.#wheelOf(locked) === undefined);
      if (untold.length > 0) return { next: "tell", packages: untold };
      return { next: "done", lock: lock.map((locked) => (locked.source === undefined ? locked : { ...locked, ...this.#built(locked) })) };
    } catch (error) {
      const unresolved = unresolvedOf(error);
      if (unresolved === undefined) throw error;
      if (news.length === 0) throw this.#asWheels.size > 0 ? this.#firstRefusal : error;
      if (!this.#allowed) throw unresolved.kind === "source_only" ? notBuiltHere(unresolved) : error;
      this.#firstRefusal ??= error;
      for (const name of news) this.#names.add(name);
      return { next: "ask" };
    }
  }

  /** What was told from now on. */
  told(wheel: SourceWheel): void {
    this.#wheels.push(wheel);
  }

  #built(locked: LockedPackage): Pick<LockedPackage, "wheel"> {
    const wheel = this.#wheelOf(locked);
    return wheel === undefined ? {} : { wheel };
  }

  #wheelOf({ name, version }: LockedPackage): SourceWheel | undefined {
    return this.#wheels.find((wheel) => wheel.name === name && wheel.version === version);
  }
}

function notBuiltHere(unresolved: Unresolved): ProvisioningError {
  const message = `${unresolved.message}; this installation builds no sources (build_sources)`;
  return new ProvisioningError("image_build_failed", message, { detail: { unresolved: { ...unresolved, message } } });
}
