import { type Log, messageOf } from "#foundation";
import type { BuildBox, BuildSite } from "../build-box.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import { inBox } from "./in-box.ts";

export interface CleanBox {
  readonly site: BuildSite;
  readonly log: Log;
  /** Reference of what no package's code has ever run in; undefined: nothing opens the mirrors, and one box does for all. */
  readonly clean: string | undefined;
  readonly open: OpenMirrors;
}

/** Works with a box in which what opens the mirrors is safe from the packages of earlier layers, where one is needed. */
export async function withCleanBox({ site, log, clean, open }: CleanBox, work: (apart?: BuildBox) => Promise<void>): Promise<void> {
  if (clean === undefined) return work();
  const { removed } = await inBox({ site, parent: clean, open, log }, work);
  await removed.catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "the box of a fetch could not be removed"));
}
