import { readdir, rm, statfs, symlink } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "@guise/contract";
import { type LiveGeneration, MAKE_ROOM, ProvisioningError, type SandboxSpec } from "#provisioning";
import { HOME_TARGET, type MountedVolume } from "../main-container.ts";
import type { HomeRecord } from "./home-record.ts";
import type { HomeStore } from "./home-store.ts";
import type { LoopDevice } from "./loop-devices.ts";
import type { ShippedVolumes } from "./shipped-volumes.ts";
import { type Generation, generationOf, generationPrefix, type StorageFolders } from "./storage-folders.ts";

/** Bytes that the disk of the homes keeps free for the machine itself; nothing is promised of them. */
export const DISK_FLOOR = 512 * 2 ** 20;

/** What a sandbox will mount, known before any of it is made: so that the container can be created meanwhile. */
export interface StoragePlan {
  readonly home: HomeRecord;
  readonly isNewHome: boolean;
  /** The home first; the others in the order of the spec's volumes. */
  readonly volumes: readonly MountedVolume[];
}

export class SandboxStorage {
  readonly #folders: StorageFolders;
  readonly #homes: HomeStore;
  readonly #shipped: ShippedVolumes;

  constructor(options: { folders: StorageFolders; homes: HomeStore; shipped: ShippedVolumes }) {
    this.#folders = options.folders;
    this.#homes = options.homes;
    this.#shipped = options.shipped;
  }

  async plan(spec: SandboxSpec): Promise<StoragePlan> {
    const writable = spec.volumes.find(({ access }) => access !== "read");
    if (writable !== undefined) throw new ProvisioningError("storage_failed", `the volume "${writable.volume}" can only be read`);
    const { record, isNew } = await this.#homes.reserve(spec.home, spec.storage);
    const targets = [HOME_TARGET, ...spec.volumes.map(({ target }) => target)];
    return { home: record, isNewHome: isNew, volumes: targets.map((target, index) => this.#volume(spec, index, target)) };
  }

  /** Makes the devices of a plan; gives the home's. Rejects `disk_full`, `storage_failed`. */
  async prepare(spec: SandboxSpec, plan: StoragePlan): Promise<LoopDevice> {
    if (plan.isNewHome) await this.#needRoom();
    const [home, ...others] = plan.volumes;
    if (home === undefined) throw new ProvisioningError("storage_failed", "a sandbox without a home");
    const device = this.#homes.attach(plan.home).then((loop) => this.#link(home.device, loop));
    const shipped = others.map(async (volume, index) => {
      await this.#link(volume.device, await this.#shipped.attach(spec.volumes[index]?.volume ?? "", spec, index));
    });
    // All settle before this does: nothing is being attached while the caller cleans up.
    const results = await Promise.allSettled([device, ...shipped]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    return device;
  }

  /** Lets the devices of one generation go, and treats its home as told. May be repeated. */
  async release(sandbox: LiveGeneration, home: "leave" | "detach" | "remove"): Promise<void> {
    await this.releaseDevices(sandbox);
    if (home === "detach") await this.#homes.detach(sandbox.home);
    if (home === "remove") await this.#homes.remove(sandbox.home);
  }

  /** All devices but the home's own. */
  async releaseDevices(sandbox: Generation): Promise<void> {
    const prefix = generationPrefix(sandbox);
    const links = (await readdir(this.#folders.devices)).filter((file) => file.startsWith(prefix));
    for (const link of links) await rm(join(this.#folders.devices, link), { force: true });
    await this.#shipped.detach(sandbox);
  }

  /** Generations that have devices here, also those of a process that died. */
  async generations(): Promise<Generation[]> {
    const files = [...(await readdir(this.#folders.devices)), ...(await readdir(this.#folders.mounted))];
    const found = files.flatMap((file) => generationOf(file) ?? []);
    return [...new Map(found.map((sandbox) => [generationPrefix(sandbox), sandbox])).values()];
  }

  #volume(spec: SandboxSpec, index: number, target: string) {
    const options = index > 0 ? "ro,nosuid,nodev" : "nosuid,nodev,discard";
    return { target, device: this.#folders.device(spec, index), options };
  }

  async #link(path: string, device: LoopDevice): Promise<LoopDevice> {
    await symlink(device.path, path);
    return device;
  }

  async #needRoom(): Promise<void> {
    const disk = await statfs(this.#folders.homes);
    const free = disk.bavail * disk.bsize;
    if (free >= DISK_FLOOR) return;
    const message = `the disk of the homes needs ${formatBytes(DISK_FLOOR)} free; it has ${formatBytes(free)}; ${MAKE_ROOM}`;
    throw new ProvisioningError("disk_full", message, { detail: { least: DISK_FLOOR, free } });
  }
}
