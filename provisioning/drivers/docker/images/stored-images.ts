import { type ClosedImage, isPacked } from "#building";
import { ProvisioningError, type StoredImage } from "#provisioning";
import { installationKey } from "../engine/engine-layout.ts";
import type { EngineContext } from "../engine-context.ts";
import { isConflict, promptly, translated, unlessAbsent } from "../engine-errors.ts";
import { LABELS } from "../labels.ts";

/** Where images of personas are on the engine; the tag is the content address. */
export function imageRepository(installation: string): string {
  return `guise-${installationKey(installation)}/image`;
}

/** An image as the engine lists it. */
export interface ListedImage {
  readonly Id: string;
  readonly ParentId: string;
  readonly RepoTags?: readonly string[] | null;
  /** With everything that it stands on. */
  readonly Size: number;
  /** Seconds. */
  readonly Created: number;
}

/** The images of personas on one engine: what they take, which stand on which, and their removal. */
export class StoredImages {
  readonly #context: EngineContext;
  readonly #prefix: string;
  /** References of the layers of builds under way. */
  readonly #building = new Set<ReadonlySet<string>>();
  readonly #removing = new Set<Promise<unknown>>();
  /** What closed images say of themselves, by id, and nothing of others: an id never changes its meaning. */
  readonly #comments = new Map<string, string>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#prefix = `${imageRepository(context.installation)}:`;
  }

  /**
   * Runs a build of these layers: none of them is removed meanwhile, and none is being removed when it begins; nor those that it comes to need
   * as well.
   */
  async held<T>(references: readonly string[], build: (also: (more: readonly string[]) => Promise<void>) => Promise<T>): Promise<T> {
    const held = new Set<string>();
    const hold = async (more: readonly string[]) => {
      for (const reference of more) held.add(reference);
      await Promise.allSettled(this.#removing);
    };
    this.#building.add(held);
    try {
      await hold(references);
      return await build(hold);
    } finally {
      this.#building.delete(held);
    }
  }

  async list(): Promise<readonly StoredImage[]> {
    return (await this.#listed()).map(({ comment, ...image }) => image);
  }

  async #listed(): Promise<readonly (StoredImage & { readonly comment: string })[]> {
    const { client, installation } = this.#context;
    const [listed, containers] = await translated("engine_unreachable", "the engine did not say what images it has", () =>
      promptly(
        Promise.all([
          client.listImages({ all: true, filters: { label: [`${LABELS.installation}=${installation}`] } }) as Promise<ListedImage[]>,
          client.listContainers({ all: true }),
        ]),
      ),
    );
    const used = new Set(containers.map(({ ImageID }) => ImageID));
    const found = arrange(listed, this.#prefix);
    for (const id of this.#comments.keys()) if (!found.some((image) => image.id === id)) this.#comments.delete(id);
    return Promise.all(
      found.map(async ({ id, ...image }) => ({
        ...image,
        kind: isPacked(await this.#commentOf(id)) ? ("image" as const) : ("layer" as const),
        inUse: used.has(id) || this.#isBuilding(image.reference),
        comment: await this.#commentOf(id),
      })),
    );
  }

  /** See `BuildSite`. */
  async closed(): Promise<readonly ClosedImage[]> {
    const all = await this.#listed();
    const layers = new Set(all.filter(({ kind }) => kind === "layer").map(({ reference }) => reference));
    return all.flatMap(({ kind, standsOn, comment }) => {
      if (kind !== "image" || standsOn === undefined || !layers.has(standsOn)) return [];
      return [{ comment, standsOn: standsOn.slice(this.#prefix.length) }];
    });
  }

  async remove(reference: string): Promise<void> {
    if (!reference.startsWith(this.#prefix))
      throw new ProvisioningError("refused_by_policy", "only images of this installation's personas are removed");
    if ((await this.list()).some(({ standsOn }) => standsOn === reference)) throw inUse(reference);
    // From here to the call nothing is awaited: a build that begins now waits for the removal.
    if (this.#isBuilding(reference)) throw inUse(reference);
    const removal = this.#removeTag(reference);
    this.#removing.add(removal);
    try {
      await removal;
    } finally {
      this.#removing.delete(removal);
    }
  }

  #removeTag(reference: string): Promise<void> {
    return translated("engine_unreachable", "an image could not be removed", async () => {
      try {
        // What stood without a name below it goes too.
        await unlessAbsent(this.#context.client.getImage(reference).remove());
      } catch (error) {
        throw isConflict(error) ? inUse(reference, error) : error;
      }
    });
  }

  #isBuilding(reference: string): boolean {
    return [...this.#building].some((references) => references.has(reference));
  }

  /** The closing layer says what is in the image, in its comment; no other has one. Empty where it is gone. */
  async #commentOf(id: string): Promise<string> {
    const known = this.#comments.get(id);
    if (known !== undefined) return known;
    const image = await translated("engine_unreachable", "the engine did not say what an image is", () =>
      unlessAbsent(promptly(this.#context.client.getImage(id).inspect())),
    );
    if (image === undefined) return "";
    const comment = isPacked(image.Comment) ? image.Comment : "";
    this.#comments.set(id, comment);
    return comment;
  }
}

function inUse(reference: string, cause?: unknown): ProvisioningError {
  return new ProvisioningError("image_in_use", "a sandbox, a build or another image needs the image", { detail: { reference }, cause });
}

type Arranged = Omit<StoredImage, "kind" | "inUse"> & { readonly id: string };

/** Those with our names, each on the nearest one below that has such a name too. What lost its name is counted with what stands on it. Pure. */
export function arrange(listed: readonly ListedImage[], prefix: string): Arranged[] {
  const byId = new Map(listed.map((image) => [image.Id, image]));
  const nameOf = (image: ListedImage) => image.RepoTags?.find((tag) => tag.startsWith(prefix));
  const below = (image: ListedImage): ListedImage | undefined => {
    let parent = byId.get(image.ParentId);
    while (parent !== undefined && (parent.RepoTags ?? []).every((tag) => tag === "<none>:<none>")) parent = byId.get(parent.ParentId);
    return parent;
  };
  return listed.flatMap((image) => {
    const reference = nameOf(image);
    if (reference === undefined) return [];
    const parent = below(image);
    const standsOn = parent === undefined ? undefined : nameOf(parent);
    return [{ id: image.Id, reference, standsOn, bytes: Math.max(0, image.Size - (parent?.Size ?? 0)), madeAt: image.Created * 1000 }];
  });
}
