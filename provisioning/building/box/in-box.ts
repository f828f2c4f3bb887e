import { type Log, messageOf } from "#foundation";
import type { BuildBox, BuildSite } from "../build-box.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import { openBox } from "./concealing-box.ts";

export interface InBox {
  readonly site: BuildSite;
  /** Reference of what the box is made of. */
  readonly parent: string;
  readonly open: OpenMirrors;
  readonly log: Log;
}

/** What was done in a box; `removed` settles when the box is gone too, which takes as long as its layer is large. */
export interface DoneInBox<T> {
  readonly done: T;
  readonly removed: Promise<void>;
}

/** A box from which nothing outside is reached. */
export const CLOSED: OpenMirrors = { hosts: [], allow: [] };

/** Works in a box of its own. Nothing of it is left when this rejects. */
export async function inBox<T>({ site, parent, open, log }: InBox, work: (box: BuildBox) => Promise<T>): Promise<DoneInBox<T>> {
  const box = await openBox(site, parent, open);
  try {
    return { done: await work(box), removed: box.remove() };
  } catch (error) {
    // what went wrong first is what is told
    await box.remove().catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "a failed build's box could not be removed"));
    throw error;
  }
}
