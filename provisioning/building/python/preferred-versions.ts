import type { PackageVersion } from "#provisioning";
import type { BuildFile } from "../box/build-file.ts";
import { bareName } from "./lock.ts";

/** More than any environment has. */
const MOST = 2_000;

/**
 * The file of a resolution in which these versions are taken where they fit: a lock file, as the resolver writes one, with nothing but names and
 * versions. They were read in an image, where packages' code ran: what is not written like a name and a version is left out.
 */
export function preferredFile(preferred: readonly PackageVersion[]): BuildFile {
  const tables = preferred
    .filter(({ name, version }) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/.test(name) && /^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,100}$/.test(version))
    .slice(0, MOST)
    .map(({ name, version }) => `[[packages]]\nname = "${bareName(name)}"\nversion = "${version}"\n`);
  const head = 'lock-version = "1.0"\ncreated-by = "guise"\n';
  return { name: "preferred", content: tables.length === 0 ? "" : [head, ...tables].join("\n") };
}
