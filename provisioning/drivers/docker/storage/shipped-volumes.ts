import { createHash } from "node:crypto";
import { link, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ProvisioningError } from "#provisioning";
import { runTool, tryTool } from "../engine/run-tool.ts";
import { attachLoop, detachLoops, type LoopDevice } from "./loop-devices.ts";
import { type Generation, generationPrefix, type StorageFolders } from "./storage-folders.ts";

/** Folders of read-only data that Guise ships: each becomes an ext4 image once, and is mounted from it. */
export class ShippedVolumes {
  readonly #folders: StorageFolders;
  readonly #sources: Readonly<Record<string, string>>;
  readonly #images = new Map<string, Promise<string>>();

  constructor(folders: StorageFolders, sources: Readonly<Record<string, string>>) {
    this.#folders = folders;
    this.#sources = sources;
  }

  /** Attaches a volume for one start, read-only, through a file name of its own. Rejects `storage_failed` for an unknown one. */
  async attach(volume: string, sandbox: Generation, index: number): Promise<LoopDevice> {
    const image = await this.#image(volume);
    const own = this.#folders.mountedImage(sandbox, index);
    await detachLoops(own);
    await rm(own, { force: true });
    await link(image, own);
    return attachLoop(own, { readOnly: true });
  }

  /** Lets everything of one generation go. */
  async detach(sandbox: Generation): Promise<void> {
    const prefix = generationPrefix(sandbox);
    for (const file of await readdir(this.#folders.mounted)) {
      if (!file.startsWith(prefix)) continue;
      const own = join(this.#folders.mounted, file);
      await detachLoops(own);
      await rm(own, { force: true });
    }
  }

  #image(volume: string): Promise<string> {
    const known = this.#images.get(volume);
    if (known !== undefined) return known;
    const making = this.#make(volume);
    this.#images.set(volume, making);
    making.catch(() => this.#images.delete(volume));
    return making;
  }

  async #make(volume: string): Promise<string> {
    const source = this.#sources[volume];
    if (source === undefined) throw new ProvisioningError("storage_failed", `there is no volume "${volume}"`);
    const { digest, bytes, files } = await measure(source);
    const image = join(this.#folders.shipped, `${digest}.img`);
    if (await stat(image).catch(() => undefined)) return image;
    await mkdir(this.#folders.shipped, { recursive: true, mode: 0o700 });
    const making = `${image}.making`;
    await rm(making, { force: true });
    // Room for the files, their tails, inodes and directories; never written again, so no journal and nothing reserved.
    const size = Math.ceil((bytes * 1.1 + files * 8192 + 4 * 2 ** 20) / 2 ** 20);
    const options = ["-q", "-F", "-m", "0", "-O", "^has_journal", "-E", "root_owner=0:0", "-N", String(files + 64), "-d", source];
    await runTool("mkfs.ext4", [...options, making, `${size}M`]);
    // Nobody repairs what is only read; the folder would only be asked about.
    await tryTool("debugfs", ["-w", "-R", "rmdir lost+found", making]);
    await rename(making, image);
    return image;
  }
}

/** Content address by names, sizes and times: shipped folders change with the product only. */
async function measure(folder: string): Promise<{ digest: string; bytes: number; files: number }> {
  const hash = createHash("sha256").update(folder);
  let bytes = 0;
  let files = 0;
  for (const entry of (await readdir(folder, { recursive: true })).sort()) {
    const file = await lstat(join(folder, entry));
    hash.update(`${entry}\0${file.size}\0${file.mtimeMs}\0${file.mode}\n`);
    bytes += file.isFile() ? file.size : 4096;
    files++;
  }
  return { digest: hash.digest("hex").slice(0, 32), bytes, files };
}
