import { posix } from "node:path";
import type { LeftOut } from "../copy/left-out.ts";

const FOLDER = "/home/user/out";
/** Where a workspace's own programs may write; all else inside is of the image, or of a data source. */
const WRITABLE = ["/home", "/tmp", "/run", "/dev/shm", "/var/tmp"];

/**
 * Whether something of the person's may go with the workspace if what was left out is not fetched. Sockets, pipes and devices hold
 * nothing; a link holds what it leads to, unless that was fetched itself or comes with every workspace (as the Python of a venv does).
 */
export function mayHoldWork({ kind, name = "", to = "" }: LeftOut): boolean {
  if (kind === "special") return false;
  return kind !== "link_out" || leadsToWork(name, to);
}

function leadsToWork(name: string, to: string): boolean {
  const target = posix.resolve(FOLDER, posix.dirname(name), to);
  return !isIn(target, FOLDER) && WRITABLE.some((place) => isIn(target, place));
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
