import { formatBytes, plainText } from "@guise/contract";
import { fullnessOf, ProvisioningError, type Room } from "#provisioning";
import { UploadError } from "./upload-error.ts";
import { CODES } from "./upload-scripts.ts";

/** What one of the scripts ended with, for people. */
export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What an end that is none of success means. */
export function failureOf(path: string, bytes: number, { exit, stdout, stderr }: Ended): Error {
  const shown = plainText(path);
  if (exit === CODES.notFound || exit === CODES.incomplete) return goneUpload();
  if (exit === CODES.exists) return new ProvisioningError("file_exists", `${shown} is there already`);
  if (exit === CODES.isFolder) return new ProvisioningError("file_failed", `${shown} is a folder`);
  const room = roomIn(stdout);
  if (exit === CODES.noRoom) {
    const free = formatBytes(room?.availableBytes ?? 0);
    return new ProvisioningError("storage_full", `${shown} has ${formatBytes(bytes)}, and ${free} are free where it is written`);
  }
  const full = room === undefined ? undefined : fullnessOf(path, room);
  if (full !== undefined) return new ProvisioningError("storage_full", full);
  const why = stderr.trim().split("\n").at(-1) ?? "";
  return new ProvisioningError("file_failed", `${shown} could not be written: ${plainText(why, 300) || `it ended with ${exit}`}`);
}

export function goneUpload(): UploadError {
  return new UploadError("not_found", "there is no such upload");
}

function roomIn(line: string): Room | undefined {
  const match = /^(\d+) (\d+) (\d+) (\d+) (\d+)\n$/.exec(line);
  if (match === null) return undefined;
  const [block = 1, blocks = 0, available = 0, files = 0, availableFiles = 0] = match.slice(1).map(Number);
  return { bytes: block * blocks, availableBytes: block * available, files, availableFiles };
}
