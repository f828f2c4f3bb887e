import { formatBytes } from "@guise/contract";
import type { Room } from "./channel.ts";

/** Writes under way at once: with less than them left, the next one fails. */
const LEAST_BYTES = 512 * 1024;
const HOME = "/home/user";

/**
 * "the home is full: 1 GiB of 1 GiB", or undefined where there is room. A write that fails inside says only that it did
 * (SFTP has no status for a full disk), so the room itself is looked at.
 */
export function fullnessOf(path: string, room: Room): string | undefined {
  const { bytes, availableBytes, files, availableFiles } = room;
  if (availableBytes < LEAST_BYTES) return `${placeOf(path)} is full: ${formatBytes(bytes - availableBytes)} of ${formatBytes(bytes)}`;
  if (files > 0 && availableFiles === 0) return `${placeOf(path)} is full: it holds ${files} files of at most ${files}`;
  return undefined;
}

function placeOf(path: string): string {
  if (path === HOME || path.startsWith(`${HOME}/`) || !path.startsWith("/")) return "the home";
  return `what holds ${path}`;
}
