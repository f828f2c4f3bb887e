import { join } from "node:path";
import { HeldProcess } from "../held-process.ts";

interface MirrorCache {
  /** Settings of apt, pip and npm that lead to it. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The package mirrors as the tests see them: what was fetched once comes from this machine's disk, and what a mirror fails at is asked for
 * again. It lies beyond the sandboxes' bridge, as the mirrors do.
 */
export const MIRROR_CACHE = new HeldProcess<MirrorCache>("mirror-cache", join(import.meta.dirname, "hold-mirror-cache.ts"));
