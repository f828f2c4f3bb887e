import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { codeOf, type Log } from "#foundation";
import { ProvisioningError } from "#provisioning";
import { type BlankHome, BlankHomes } from "./blank-homes.ts";
import { exportHome, type HomeExport } from "./export-home.ts";
import { growHomeImage, homeTemplate, makeHomeImage, removeHomeImage, verifyHomeImage, wholeBlocks } from "./home-image.ts";
import { type HomeRecord, readHomeRecord, writeHomeRecord } from "./home-record.ts";
import { attachLoop, detachLoops, type LoopDevice, listLoopDevices } from "./loop-devices.ts";
import type { StorageFolders } from "./storage-folders.ts";

/** Uids of homes inside the engine's map (as far as it goes), and, on an engine without one, outside of all people's ids. */
const UIDS = { remapped: { first: 20_001, last: 899_999 }, plain: { first: 200_000, last: 899_999 } } as const;

/** A uid that no home has, by the first host id of the containers' ids: see `keepIdentity`. */
export function keeperUid(remapBase: number): number {
  return uidsOf(remapBase).first - 1;
}

function uidsOf(remapBase: number) {
  return remapBase > 0 ? UIDS.remapped : UIDS.plain;
}

/** What quarantine adds to the name of a home. */
const QUARANTINED = /\.[0-9a-f-]{36}\.(img|json)$/;

export interface HomeSummary {
  readonly home: string;
  /** Bytes promised, and bytes that the image takes on disk. */
  readonly promised: number;
  readonly taken: number;
}

/** The homes of an installation: an image file and a record each. Homes are never swept. */
export class HomeStore {
  readonly #folders: StorageFolders;
  readonly #remapBase: number;
  readonly #remapLength: number;
  readonly #log: Log;
  /** Uids in use; read from the records once, then kept. */
  #uids: Promise<Set<number>> | undefined;
  readonly #blanks: BlankHomes;
  /** Home → the blank that was reserved for it and is not in its place yet. */
  readonly #reserved = new Map<string, BlankHome>();
  /** Sizes of new homes since the blanks were last made. */
  readonly #asked = new Set<number>();
  /** Exports under way, by home. */
  readonly #exports = new Map<string, Set<HomeExport>>();

  /** `blanks`: homes of one size that are made ahead. */
  constructor(folders: StorageFolders, options: { remapBase: number; remapLength: number; blanks: number; log: Log }) {
    const { remapBase, remapLength, blanks, log } = options;
    this.#folders = folders;
    this.#remapBase = remapBase;
    this.#remapLength = remapLength;
    this.#log = log;
    const takeUid = () => this.#freeUid();
    const giveUidBack = (uid: number) => void this.#used().then((used) => used.delete(uid));
    this.#blanks = new BlankHomes({ folder: folders.templates, size: blanks, remapBase, log, takeUid, giveUidBack });
  }

  /** From now on homes are made ahead, of the sizes that were asked for last. */
  makeAhead(): Promise<void> {
    return this.#blanks.open();
  }

  /** Of each size that was used since, the next ones are made, in the background. */
  makeOthers(): void {
    for (const bytes of this.#asked) this.#blanks.refill(bytes);
    this.#asked.clear();
  }

  async close(): Promise<void> {
    await this.#blanks.close();
    for (const blank of this.#reserved.values()) await this.#blanks.remove(blank);
    this.#reserved.clear();
  }

  /** The record of a home: the present one, or a new one with a uid of its own. Nothing is made yet. */
  async reserve(home: string, bytes: number): Promise<{ readonly record: HomeRecord; readonly isNew: boolean }> {
    const kept = await readHomeRecord(this.#folders.homeRecord(home));
    if (kept !== undefined && kept.remapBase !== this.#remapBase)
      throw new ProvisioningError("storage_failed", "the home was made for another engine: its files would belong to nobody", {
        detail: { home },
      });
    if (kept !== undefined) return { record: { ...kept, bytes: Math.max(kept.bytes, wholeBlocks(bytes)) }, isNew: false };
    this.#asked.add(wholeBlocks(bytes));
    const blank = this.#reserved.get(home) ?? this.#blanks.take(wholeBlocks(bytes));
    if (blank !== undefined) this.#reserved.set(home, blank);
    const { uid, uuid } = blank ?? { uid: await this.#freeUid(), uuid: randomUUID() };
    return { record: { version: 1, home, uid, remapBase: this.#remapBase, uuid, bytes: wholeBlocks(bytes) }, isNew: true };
  }

  /** Makes or finds the image, verifies it, and attaches it to a loop device. Rejects `storage_failed`. */
  async attach(record: HomeRecord): Promise<LoopDevice> {
    const image = this.#folders.homeImage(record.home);
    // Whoever wants to work comes first.
    for (const going of this.#exports.get(record.home) ?? []) await going.stop();
    await detachLoops(image);
    if (await isFile(image)) {
      await verifyHomeImage(image, record);
      await growHomeImage(image, record.bytes);
      await writeHomeRecord(this.#folders.homeRecord(record.home), record);
    } else if (this.#reserved.get(record.home)?.uuid === record.uuid) {
      await writeHomeRecord(this.#folders.homeRecord(record.home), record);
      await rename(this.#reserved.get(record.home)?.file ?? "", image);
      this.#reserved.delete(record.home);
    } else {
      const [template] = await Promise.all([
        homeTemplate(this.#folders.templates, record.bytes),
        writeHomeRecord(this.#folders.homeRecord(record.home), record),
      ]);
      await makeHomeImage(template, image, record);
    }
    return attachLoop(image, { readOnly: false });
  }

  detach(home: string): Promise<void> {
    return detachLoops(this.#folders.homeImage(home));
  }

  /** The files of a home are gone after this. Absent is success. */
  async remove(home: string): Promise<void> {
    await this.detach(home);
    const path = this.#folders.homeRecord(home);
    const record = await readHomeRecord(path);
    await removeHomeImage(this.#folders.homeImage(home));
    await rm(path, { force: true });
    const blank = this.#reserved.get(home);
    this.#reserved.delete(home);
    if (blank !== undefined) await this.#blanks.remove(blank);
    if (record !== undefined) (await this.#used()).delete(record.uid);
  }

  async list(): Promise<HomeSummary[]> {
    const homes = await Promise.all(
      (await this.#names(".json")).map(async (home) => {
        const record = await readHomeRecord(this.#folders.homeRecord(home)).catch(() => undefined);
        const taken = await this.#bytesTaken(home);
        return record === undefined ? undefined : { home, promised: record.bytes, taken };
      }),
    );
    return homes.filter((summary) => summary !== undefined);
  }

  /** Bytes on the disk; what the workspace deletes comes back at once (the home is mounted with `discard`). */
  #bytesTaken(home: string): Promise<number> {
    return stat(this.#folders.homeImage(home)).then(
      ({ blocks }) => blocks * 512,
      () => 0,
    );
  }

  /** The file of a home, whether it is there or not. */
  imageOf(home: string): string {
    return this.#folders.homeImage(home);
  }

  /** Of a home that nothing has attached, one in quarantine too. Rejects `home_missing`. */
  async export(home: string): Promise<Readable> {
    const image = (await this.exists(home)) ? this.#folders.homeImage(home) : await this.#quarantinedImage(home);
    if (image === undefined) throw new ProvisioningError("home_missing", "there is no such home", { detail: { home } });
    const going = await exportHome(image, image.replace(/\.img$/, ".json"));
    const all = this.#exports.get(home) ?? new Set();
    this.#exports.set(home, all.add(going));
    going.stream.once("close", () => {
      all.delete(going);
      if (all.size === 0) this.#exports.delete(home);
    });
    return going.stream;
  }

  async #quarantinedImage(home: string): Promise<string | undefined> {
    const file = (await readdir(this.#folders.quarantine)).find((name) => name.endsWith(".img") && name.replace(QUARANTINED, "") === home);
    return file === undefined ? undefined : join(this.#folders.quarantine, file);
  }

  exists(home: string): Promise<boolean> {
    return isFile(this.#folders.homeImage(home));
  }

  /** Images that a process was still making when it died; nobody has ever mounted one. Before the first start only. */
  async removeHalfMade(): Promise<void> {
    for (const folder of [this.#folders.homes, this.#folders.templates, this.#folders.shipped])
      for (const file of await readdir(folder)) if (/\.(making|new)(\.|$)/.test(file)) await rm(join(folder, file), { force: true });
  }

  /** Images without a record are put aside, never removed: an operator looks at them. */
  async quarantineUnknown(): Promise<void> {
    // The images first: a home that is made meanwhile has its record before its image.
    const images = await this.#names(".img");
    const known = new Set(await this.#names(".json"));
    for (const home of images) if (!known.has(home)) await this.#quarantine(home);
  }

  /** Homes that nobody owns are put aside with their records. Before the first start only: later ones are this process's own. */
  async quarantineUnowned(isOwned: (home: string) => boolean): Promise<void> {
    for (const home of await this.#names(".json")) {
      if (isOwned(home)) continue;
      // One that something still holds must not keep the others from it.
      await this.#quarantine(home).catch((error: unknown) =>
        this.#log.warn({ error, home }, "an unknown home was not put into quarantine"),
      );
    }
  }

  /** What was put aside, by the names that the homes had. */
  async quarantined(): Promise<HomeSummary[]> {
    const files = (await readdir(this.#folders.quarantine)).filter((file) => file.endsWith(".img"));
    return Promise.all(
      files.map(async (file) => {
        const { size, blocks } = await stat(join(this.#folders.quarantine, file));
        return { home: file.replace(QUARANTINED, ""), promised: size, taken: blocks * 512 };
      }),
    );
  }

  /** Absent is success. */
  async removeQuarantined(home: string): Promise<void> {
    for (const file of await readdir(this.#folders.quarantine))
      if (file.replace(QUARANTINED, "") === home) await rm(join(this.#folders.quarantine, file), { force: true });
  }

  /** Homes that are attached to a loop device. */
  async attached(): Promise<string[]> {
    const prefix = `${this.#folders.homes}/`;
    const files = (await listLoopDevices()).map(({ file }) => file).filter((file) => file.startsWith(prefix) && file.endsWith(".img"));
    return [...new Set(files.map((file) => file.slice(prefix.length, -".img".length)))];
  }

  /** The image first: a record without one is made anew with it, an image without its record is found by the next look. */
  async #quarantine(home: string): Promise<void> {
    await this.detach(home);
    const target = join(this.#folders.quarantine, `${home}.${randomUUID()}`);
    for (const [path, ending] of [
      [this.#folders.homeImage(home), ".img"],
      [this.#folders.homeRecord(home), ".json"],
    ] as const)
      await rename(path, `${target}${ending}`).catch((error: unknown) => {
        if (codeOf(error) !== "ENOENT") throw error;
      });
    this.#log.warn({ home, target }, "a home that nobody owns was put into quarantine");
  }

  async #names(ending: string): Promise<string[]> {
    const files = await readdir(this.#folders.homes);
    return files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  }

  async #freeUid(): Promise<number> {
    const used = await this.#used();
    const { first, last } = uidsOf(this.#remapBase);
    for (let uid = first; uid <= Math.min(last, this.#remapLength - 1); uid++) {
      if (used.has(uid)) continue;
      used.add(uid);
      return uid;
    }
    throw new ProvisioningError("storage_failed", "every uid for homes is taken");
  }

  #used(): Promise<Set<number>> {
    this.#uids ??= this.#names(".json").then(async (names) => {
      const records = await Promise.all(names.map((name) => readHomeRecord(this.#folders.homeRecord(name)).catch(() => undefined)));
      return new Set(records.flatMap((record) => record?.uid ?? []));
    });
    return this.#uids;
  }
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
