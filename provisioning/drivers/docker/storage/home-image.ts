import { randomUUID } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "#foundation";
import { ProvisioningError } from "#provisioning";
import { runTool, tryTool } from "../engine/run-tool.ts";
import type { HomeRecord } from "./home-record.ts";

/** What the image of a home must be told while it is made. */
export type HomeMaking = Pick<HomeRecord, "uid" | "remapBase" | "uuid">;

const BLOCK = 4096;
/** Offset of the UUID in an ext4 image: the superblock lies at 1024, its UUID 0x68 into it. */
const UUID_AT = 1024 + 0x68;
/** And how many blocks there are (low and high word), and the power of two by which a block is larger than 1 KiB. */
const BLOCKS_AT = 1024 + 0x4;
const BLOCKS_HIGH_AT = 1024 + 0x150;
const BLOCK_SIZE_AT = 1024 + 0x18;

/** A home's size is whole blocks, at most what was promised. */
export const wholeBlocks = (bytes: number): number => Math.floor(bytes / BLOCK) * BLOCK;

/** Bytes of the homes that a file in the folder of templates is for; undefined for other files. */
export function templateBytes(file: string): number | undefined {
  const match = /^home-(\d+)\.img$/.exec(file);
  return match === null ? undefined : Number(match[1]);
}

/** An empty sparse image of this size: made once (50 ms), copied for each home (4 ms). */
export async function homeTemplate(folder: string, bytes: number): Promise<string> {
  const path = join(folder, `home-${bytes}.img`);
  if (await exists(path)) return path;
  const making = `${path}.making.${randomUUID()}`;
  await runTool("truncate", ["-s", String(bytes), making]);
  // metadata_csum_seed: the UUID of a copy may change without all checksums being written anew.
  const features = ["-O", "metadata_csum_seed", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard"];
  await runTool("mkfs.ext4", ["-q", "-F", "-m", "0", ...features, making]);
  await rename(making, path);
  return path;
}

/** Makes the image of a home beside its place and renames it there: owner, mode and UUID are set before anybody can mount it. */
export async function makeHomeImage(template: string, image: string, record: HomeMaking): Promise<void> {
  const making = `${image}.making`;
  await runTool("cp", ["--sparse=always", "--reflink=auto", template, making]);
  const owner = record.remapBase + record.uid;
  const settings = [
    "rmdir lost+found",
    "set_inode_field <2> mode 040700",
    `set_inode_field <2> uid ${owner}`,
    `set_inode_field <2> gid ${owner}`,
    `set_super_value uuid ${record.uuid}`,
  ];
  await tryTool("debugfs", ["-w", "-f", "-", making], `${settings.join("\n")}\n`);
  // debugfs ends with 0 whatever happened; the last of its orders shows that it came through.
  await verifyHomeImage(making, record);
  await rename(making, image);
}

/** Rejects `storage_failed` unless the image holds the file system that the record names. */
export async function verifyHomeImage(image: string, record: Pick<HomeRecord, "uuid">): Promise<void> {
  const found = await readUuid(image);
  if (found !== record.uuid)
    throw new ProvisioningError("storage_failed", "a home is not the one that its record names", {
      detail: { image, found, recorded: record.uuid },
    });
}

/** A larger promise makes the file system larger; nothing is ever made smaller, for that could lose files. */
export async function growHomeImage(image: string, bytes: number): Promise<void> {
  // Of the file system, not of the file: a growing that was cut short left a large file with a small file system.
  if ((await readSize(image)) >= bytes) return;
  if ((await stat(image)).size < bytes) await runTool("truncate", ["-s", String(bytes), image]);
  const { exit } = await tryTool("e2fsck", ["-f", "-p", image]);
  if (exit > 1) throw new ProvisioningError("storage_failed", "the file system of a home needs repair", { detail: { image, exit } });
  await runTool("resize2fs", [image]);
}

export async function removeHomeImage(image: string): Promise<void> {
  // By a program: the kernel frees a large and scattered file for as long as that takes, and its thread of ours would be one of four.
  await runTool("rm", ["-f", image]);
  await rm(`${image}.making`, { force: true });
}

async function readUuid(image: string): Promise<string> {
  const hex = (await readAt(image, UUID_AT, 16)).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Bytes of the file system, by its superblock. */
async function readSize(image: string): Promise<number> {
  const blocks = (await readAt(image, BLOCKS_AT, 4)).readUInt32LE();
  const high = (await readAt(image, BLOCKS_HIGH_AT, 4)).readUInt32LE();
  const scale = (await readAt(image, BLOCK_SIZE_AT, 4)).readUInt32LE();
  return (high * 2 ** 32 + blocks) * 1024 * 2 ** scale;
}

async function readAt(image: string, at: number, length: number): Promise<Buffer> {
  const file = await open(image, "r");
  try {
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, at);
    return bytes;
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
