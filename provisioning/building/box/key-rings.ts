import { readFile } from "node:fs/promises";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import type { BuildFile } from "./build-file.ts";
import { keyRingName } from "./build-files.ts";

/** The key rings that the sources name or bring, as files of a build; one that cannot be read is left to the image's own. */
export async function keyRings(mirrors: HostMirrors): Promise<BuildFile[]> {
  const paths = [...new Set(mirrors.apt.flatMap(({ signedBy }) => (signedBy === undefined ? [] : [signedBy])))];
  const read = paths.map(async (path) => ({ name: keyRingName(path), content: await readFile(path).catch(() => undefined) }));
  const found = (await Promise.all(read)).flatMap(({ name, content }) => (content === undefined ? [] : [{ name, content }]));
  const brought = new Map(mirrors.apt.flatMap(({ ring }) => (ring === undefined ? [] : [[ring.name, ring]])));
  return [...found, ...brought.values()];
}
