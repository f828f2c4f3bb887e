import type { StoredImage } from "#provisioning";
import type { ImageHolder, ImageRecord } from "#repository";
import { collectable, versionKey } from "./image-collection.ts";

/** One image, or a layer that no image stands on, for those who look after the disk. */
export interface ImageStanding {
  readonly reference: string;
  readonly kind: StoredImage["kind"];
  readonly versions: readonly Pick<ImageRecord, "persona" | "version" | "revision" | "current">[];
  /** Bytes that would be free without it, and bytes that it shares with others. */
  readonly alone: number;
  readonly shared: number;
  readonly usedAt: number;
  /** Workspaces that run on it, or will when they start or are resumed. */
  readonly workspaces: readonly string[];
  /** It is not removed now. */
  readonly isKept: boolean;
}

/** The most recently used first. Pure. */
export function standingOf(
  stored: readonly StoredImage[],
  use: { readonly records: readonly ImageRecord[]; readonly holders: readonly ImageHolder[] },
): readonly ImageStanding[] {
  const byReference = new Map(stored.map((image) => [image.reference, image]));
  const below = (image: StoredImage): StoredImage[] => {
    const next = image.standsOn === undefined ? undefined : byReference.get(image.standsOn);
    return next === undefined ? [] : [next, ...below(next)];
  };
  const tops = collectable(stored, use).filter(
    (image) => image.kind === "image" || stored.every(({ standsOn }) => standsOn !== image.reference),
  );
  const users = new Map<string, number>();
  for (const top of tops) for (const { reference } of below(top)) users.set(reference, (users.get(reference) ?? 0) + 1);
  return tops
    .map((image) => {
      const layers = below(image);
      const shared = layers.filter(({ reference }) => (users.get(reference) ?? 0) > 1);
      const versions = use.records.filter(({ reference }) => reference === image.reference);
      return {
        reference: image.reference,
        kind: image.kind,
        versions: versions.map(({ persona, version, revision, current }) => ({ persona, version, revision, current })),
        alone: sum([image, ...layers]) - sum(shared),
        shared: sum(shared),
        usedAt: image.usedAt,
        workspaces: workspacesOn(image.reference, versions, use.holders),
        isKept: image.needed || image.inUse,
      };
    })
    .sort((a, b) => b.usedAt - a.usedAt || (a.reference < b.reference ? -1 : 1));
}

function workspacesOn(reference: string, versions: readonly ImageRecord[], holders: readonly ImageHolder[]): string[] {
  const current = new Set(versions.filter((record) => record.current).map(versionKey));
  const isOn = (holder: ImageHolder) =>
    holder.state === "ready" && holder.reference !== undefined ? holder.reference === reference : current.has(versionKey(holder));
  return holders.filter(isOn).map(({ workspace }) => workspace);
}

function sum(images: readonly StoredImage[]): number {
  return images.reduce((total, { bytes }) => total + bytes, 0);
}
