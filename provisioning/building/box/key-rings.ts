import { readFile } from "node:fs/promises";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { type BuildFile, keyRingName } from "./build-files.ts";

/** The key rings that the host's own sources name, as files of a build; one that cannot be read is left to the image's own. */
export async function keyRings(mirrors: HostMirrors): Promise<BuildFile[]> {
  const paths = [...new Set(mirrors.apt.flatMap(({ signedBy }) => (signedBy === undefined ? [] : [signedBy])))];
  const read = paths.map(async (path) => ({ name: keyRingName(path), content: await readFile(path).catch(() => undefined) }));
  return (await Promise.all(read)).flatMap(({ name, content }) => (content === undefined ? [] : [{ name, content }]));
}
