import { createHash } from "node:crypto";
import { formatBytes, isPackageManager, type PackageManagerName } from "@guise/contract";
import {
  type BuiltImage,
  type FoundLaunchable,
  type ImageLayer,
  type ImagePlan,
  MAKE_ROOM,
  type PackageFindings,
  ProvisioningError,
  type StoredImage,
} from "#provisioning";

type Kept = Omit<StoredImage, "inUse"> & { readonly built: BuiltImage | undefined };

/** What a simulated package, and the closing of an image, take. */
const PACKAGE_BYTES = 64 * 2 ** 20;
const CLOSING_BYTES = 2 ** 20;

/** The images of the simulated engine: layer upon layer, so that plans with the same beginning share it, on a disk that may be full. */
export class MemoryImages {
  readonly #kept = new Map<string, Kept>();
  readonly #building = new Set<string>();
  /** Bytes that images may take in all before the disk is full. */
  disk = Number.POSITIVE_INFINITY;
  /** Packages that no mirror has. */
  readonly absent = new Set<string>();
  /** The version that mirrors have of every package. */
  newest = "0";
  /** Why nothing can be built, as long as that is so. */
  broken: string | undefined;

  find(plan: ImagePlan): BuiltImage | undefined {
    return this.#kept.get(closedName(plan))?.built;
  }

  /** What is missing of the plan is what `absent` names, as `manager:package`. */
  examine({ layers }: ImagePlan): PackageFindings {
    const named = layers.flatMap(({ manager, packages }) =>
      isPackageManager(manager) ? packages.map((argument) => ({ manager, argument, nearest: undefined })) : [],
    );
    return { missing: named.filter(({ manager, argument }) => this.absent.has(`${manager}:${argument}`)), unresolved: undefined };
  }

  has(reference: string): boolean {
    return this.#kept.get(reference)?.built !== undefined;
  }

  list(isUsed: (reference: string) => boolean): StoredImage[] {
    return [...this.#kept.values()].map(({ built: _, ...image }) => ({
      ...image,
      inUse: isUsed(image.reference) || this.#building.has(image.reference),
    }));
  }

  /** What is missing of the plan, one layer after another; `work` is called before each. Rejects `disk_full`. */
  async build(plan: ImagePlan, now: () => number, work: (layer: ImageLayer, index: number) => Promise<void>): Promise<BuiltImage> {
    if (this.broken !== undefined) throw new ProvisioningError("image_build_failed", this.broken);
    const names = [...plan.layers.map((_, index) => layerName(plan, index)), closedName(plan)];
    for (const name of names) this.#building.add(name);
    try {
      let standsOn: string | undefined;
      for (const [index, layer] of plan.layers.entries()) {
        const reference = layerName(plan, index);
        if (!this.#kept.has(reference)) {
          await work(layer, index);
          const bytes = layer.packages.length * PACKAGE_BYTES;
          this.#store({ reference, kind: "layer", standsOn, bytes, madeAt: now(), built: undefined });
        }
        standsOn = reference;
      }
      const reference = closedName(plan);
      const contents = plan.layers.flatMap(({ manager, packages }) =>
        isPackageManager(manager) ? packages.map((name) => ({ manager, name, version: this.#versionOf(manager, name, plan) })) : [],
      );
      const bytes = this.#total(standsOn) + CLOSING_BYTES;
      const built = { reference, bytes, launchables: programsOf(plan), contents };
      this.#store({ reference, kind: "image", standsOn, bytes: CLOSING_BYTES, madeAt: now(), built });
      return built;
    } finally {
      for (const name of names) this.#building.delete(name);
    }
  }

  #versionOf(manager: PackageManagerName, wanted: string, { preferred = [] }: ImagePlan): string {
    const kept = manager === "pip" ? preferred.find(({ name }) => name === wanted) : undefined;
    return kept?.version ?? this.newest;
  }

  /** Absent is success. */
  remove(reference: string, isUsed: (reference: string) => boolean): void {
    const isStoodOn = [...this.#kept.values()].some(({ standsOn }) => standsOn === reference);
    if (isStoodOn || isUsed(reference) || this.#building.has(reference))
      throw new ProvisioningError("image_in_use", "a sandbox, a build or another image needs the image", { detail: { reference } });
    this.#kept.delete(reference);
  }

  #store(image: Kept): void {
    const taken = [...this.#kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    if (taken + image.bytes > this.disk) {
      const free = formatBytes(Math.max(0, this.disk - taken));
      throw new ProvisioningError(
        "disk_full",
        `a layer needs ${formatBytes(image.bytes)} of free disk; the simulated engine has ${free}; ${MAKE_ROOM}`,
      );
    }
    this.#kept.set(image.reference, image);
  }

  #total(reference: string | undefined): number {
    const image = reference === undefined ? undefined : this.#kept.get(reference);
    return image === undefined ? 0 : image.bytes + this.#total(image.standsOn);
  }
}

function layerName({ base, layers, packageEpoch }: ImagePlan, index: number): string {
  return nameOf([base, packageEpoch, layers.slice(0, index + 1)]);
}

function closedName({ base, layers, packageEpoch }: ImagePlan): string {
  return nameOf([base, packageEpoch, layers, "closed"]);
}

function nameOf(parts: unknown): string {
  return `memory/${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}`;
}

/** Each package brings one program, called like itself without scope and version. */
function programsOf({ layers }: ImagePlan): FoundLaunchable[] {
  return layers.flatMap(({ manager, packages }) =>
    packages.map((argument) => {
      const name = /^(?:@[^/]+\/)?([^=<>~!@[]+)/.exec(argument)?.[1] ?? argument;
      return { name, title: name, kind: "terminal" as const, command: [`/usr/bin/${name}`], broughtBy: `${manager}:${argument}` };
    }),
  );
}
