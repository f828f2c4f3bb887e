import { fileURLToPath } from "node:url";
import type { Bases } from "@guise/contract";
import {
  type BuildBox,
  type BuildSite,
  basesHere,
  ImageBuilder,
  type KeptLayer,
  type MirrorSettings,
  type OpenMirrors,
  readHostMirrors,
  readHostSuite,
} from "#building";
import type { Clock } from "#foundation";
import {
  type BuildReport,
  type BuiltImage,
  type ImagePlan,
  type ImageReport,
  type LoginsOf,
  type NamedPackage,
  type PackageFindings,
  ProvisioningError,
  type StoredImage,
} from "#provisioning";
import type { EngineContext } from "../engine-context.ts";
import { translated, unlessAbsent } from "../engine-errors.ts";
import type { GuardContext } from "../guard.ts";
import { hostAddresses } from "../host-addresses.ts";
import { LABELS, ownershipFilter, readOwnership } from "../labels.ts";
import { type BaseIds, BaseImages } from "./base/base-images.ts";
import { DockerBuildBox } from "./build/docker-build-box.ts";
import { requireFreeDisk } from "./free-disk.ts";
import { imageRepository, StoredImages } from "./stored-images.ts";

export interface ImageStoreOptions extends EngineContext {
  readonly clock: Clock;
  /** Folder for the base images in the making; nothing else may lie there. */
  readonly work: string;
  /** The engine's network that build guards are on. */
  readonly network: string;
  /** Range of that network: gateway and peers, which no build reaches. */
  readonly subnet: string;
  /** Further addresses or ranges that no build reaches: the broker's listeners. The machine's own are found. */
  readonly closed: readonly string[];
  readonly mirrors: MirrorSettings;
  /** PEM certificates, one each, that everything inside trusts beside the distribution's. */
  readonly authorities?: readonly string[];
  /** Whether packages without wheels are built of their sources; so by default. */
  readonly sources?: boolean;
  /** What opens package sources; by default nothing does. */
  readonly loginsOf?: LoginsOf;
  /** The folder `provisioning/inside`, unless it lies where the source has it. */
  readonly inside?: string;
}

/** Below this a build under way is ended: database, homes and images share the disk. */
const DISK_FLOOR = 2 ** 30;
const noLogins: LoginsOf = async () => new Map();
const INSIDE = fileURLToPath(new URL("../../../inside", import.meta.url));

/** The images of personas on one engine: what the driver does with images. */
export class ImageStore {
  readonly #options: ImageStoreOptions;
  readonly #bases: BaseImages;
  readonly #builder: ImageBuilder;
  readonly #stored: StoredImages;
  /** By suite. */
  readonly #known = new Map<string, BaseIds>();
  #cleaned: Promise<void> | undefined;

  constructor(options: ImageStoreOptions) {
    const { clock, log, mirrors, work, inside = INSIDE, authorities = [], sources = true, loginsOf = noLogins } = options;
    this.#options = options;
    this.#stored = new StoredImages(options);
    this.#bases = new BaseImages(options, { work, inside });
    this.#builder = new ImageBuilder({
      site: this.#site(),
      clock,
      log,
      mirrors: (suite) => readHostMirrors({ ...mirrors, authorities, suite: suite ?? mirrors.suite }),
      inside,
      authorities,
      sources,
      loginsOf,
    });
  }

  /** Reference of the guards' image. Rejects `image_missing` before the first `ensureBase`. */
  async guardImage(): Promise<string> {
    const base = (await this.#findBase(undefined)) ?? [...this.#known.values()][0];
    if (base === undefined) throw new ProvisioningError("image_missing", "the base images are not there yet");
    return base.guard;
  }

  /** Guard and main base images, made when they are missing. */
  ensureBase(report: BuildReport, signal?: AbortSignal): Promise<void> {
    return this.#builder.ensureBase(report, signal);
  }

  /** See the driver's contract. */
  findImage(plan: ImagePlan): Promise<BuiltImage | undefined> {
    return this.#builder.findImage(plan);
  }

  /** See the driver's contract. */
  ensureImage(plan: ImagePlan, report: ImageReport, signal?: AbortSignal): Promise<BuiltImage> {
    return this.#builder.ensureImage(plan, report, signal);
  }

  /** See the driver's contract. */
  examine(plan: ImagePlan, signal?: AbortSignal): Promise<PackageFindings> {
    return this.#builder.examine(plan, signal);
  }

  /** See the driver's contract. */
  names(plan: Pick<ImagePlan, "base" | "packageEpoch">, signal?: AbortSignal): Promise<readonly NamedPackage[]> {
    return this.#builder.names(plan, signal);
  }

  /** See the driver's contract. */
  bases(): Promise<Bases> {
    return basesHere(this.#options.mirrors.suite);
  }

  /** Nothing that stays for the next examination is left. */
  close(): Promise<void> {
    return this.#builder.close();
  }

  /** See the driver's contract. */
  images(): Promise<readonly StoredImage[]> {
    return this.#stored.list();
  }

  /** See the driver's contract. */
  removeImage(reference: string): Promise<void> {
    return this.#stored.remove(reference);
  }

  /** Removes the containers of builds whose process died. */
  async removeLeftovers(): Promise<void> {
    const { client, installation, run } = this.#options;
    await translated("engine_unreachable", "the engine did not say which builds it runs", async () => {
      const listed = await client.listContainers({ all: true, filters: { label: ownershipFilter(installation) } });
      const left = listed.filter(({ Labels }) => {
        const owner = readOwnership(installation, Labels);
        return (owner?.role === "build" || owner?.role === "build-guard") && owner.run !== run;
      });
      // the build first: its network is the guard's
      left.sort((a, b) => String(a.Labels[LABELS.role]).localeCompare(String(b.Labels[LABELS.role])));
      for (const { Id } of left) await unlessAbsent(client.getContainer(Id).remove({ force: true, v: true }));
    });
  }

  #site(): BuildSite {
    return {
      prepare: () => this.#prepare(),
      requireDisk: () => requireFreeDisk(this.#options.work, DISK_FLOOR),
      findBase: async (suite) => (await this.#findBase(suite))?.main,
      ensureBase: async (mirrors, report, signal) => {
        const base = await this.#bases.ensure(mirrors, report, signal);
        this.#known.set(mirrors.suite, base);
        return base.main;
      },
      find: (reference) => this.#find(reference),
      closed: () => this.#stored.closed(),
      referenceOf: (address) => this.#referenceOf(address),
      hold: (addresses, build) => {
        const all = (some: readonly string[]) => some.map((address) => this.#referenceOf(address));
        return this.#stored.held(all(addresses), (hold) => build((also) => hold(all(also))));
      },
      open: (parent, mirrors) => this.#open(parent, mirrors),
    };
  }

  /** What a crashed Guise left goes before the first build of this one; and no build begins on a disk that it could fill. */
  async #prepare(): Promise<void> {
    this.#cleaned ??= this.removeLeftovers().catch((error: unknown) => {
      this.#cleaned = undefined;
      throw error;
    });
    await this.#cleaned;
    await requireFreeDisk(this.#options.work);
  }

  async #open(parent: string, mirrors: OpenMirrors): Promise<BuildBox> {
    const context: GuardContext = { ...this.#options, guardImage: () => this.guardImage() };
    const own = [this.#options.subnet, ...this.#options.closed, ...(await hostAddresses())];
    return DockerBuildBox.open(context, { parent, mirrors, own, repository: imageRepository(this.#options.installation) });
  }

  async #find(reference: string): Promise<KeptLayer | undefined> {
    const image = await translated("engine_unreachable", "the engine did not say what images it has", () =>
      unlessAbsent(this.#options.client.getImage(reference).inspect()),
    );
    return image === undefined ? undefined : { reference, bytes: image.Size, comment: image.Comment };
  }

  async #findBase(asked: string | undefined): Promise<BaseIds | undefined> {
    const suite = asked ?? this.#options.mirrors.suite ?? (await readHostSuite());
    const base = this.#known.get(suite) ?? (await this.#bases.find(suite));
    if (base !== undefined) this.#known.set(suite, base);
    return base;
  }

  #referenceOf(address: string): string {
    return `${imageRepository(this.#options.installation)}:${address}`;
  }
}
