import { posix } from "node:path";

import type { LeftOut } from "./left-out.ts";

/** The kinds of entries that a tar archive can hold; `other`: pipes, devices, and what nobody knows. */
export type EntryType = "file" | "directory" | "symlink" | "link" | "other";

export interface Entry {
  readonly name: string;
  readonly type: EntryType;
  /** Where a link leads to. */
  readonly linkname: string;
}

/** What may become of an entry on the person's machine. `refuse` ends the whole extraction: no honest archive has such an entry. */
export type Verdict =
  | { readonly kind: "folder" | "file"; readonly path: readonly string[] }
  | { readonly kind: "link"; readonly path: readonly string[]; readonly to: string }
  /** A second name of a file that is in the archive before. */
  | { readonly kind: "hard_link"; readonly path: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: "leave_out"; readonly leftOut: LeftOut }
  | { readonly kind: "refuse"; readonly reason: string };

/** Path parts below the target; empty for the target itself; undefined for a path that would leave it. */
export function partsBelow(name: string): string[] | undefined {
  if (name.includes("\0") || posix.isAbsolute(name)) return undefined;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts;
}

export function verdictOn(entry: Entry): Verdict {
  const path = partsBelow(entry.name);
  if (path === undefined) return { kind: "refuse", reason: "its path leads out of the target folder" };
  if (entry.type === "directory") return { kind: "folder", path };
  const { name, linkname } = entry;
  if (path.length === 0) return { kind: "leave_out", leftOut: { name, kind: "special", reason: "has no name" } };
  if (entry.type === "file") return { kind: "file", path };
  if (entry.type === "symlink") return linkVerdict(name, path, linkname);
  if (entry.type === "link") return hardLinkVerdict(name, path, linkname);
  return { kind: "leave_out", leftOut: { name, kind: "special", reason: "is a device or pipe" } };
}

function hardLinkVerdict(name: string, path: readonly string[], linkname: string): Verdict {
  const to = partsBelow(linkname);
  return to === undefined || to.length === 0 ? withoutFile(name) : { kind: "hard_link", path, to };
}

export function withoutFile(name: string): Extract<Verdict, { kind: "leave_out" }> {
  return { kind: "leave_out", leftOut: { name, kind: "obstacle", reason: "is a hard link to a file that was not copied" } };
}

/**
 * A link may lead only below the target. `..` is allowed only in front: behind a name it would be resolved from wherever
 * that name, itself perhaps a link, leads to, and several harmless links together could lead out.
 */
function linkVerdict(name: string, path: readonly string[], to: string): Verdict {
  const leftOut: LeftOut = { name, kind: "link_out", reason: "is a link that leads out of the folder", to };
  const outside: Verdict = { kind: "leave_out", leftOut };
  if (to === "" || to.includes("\0") || posix.isAbsolute(to)) return outside;
  const parts = to.split("/").filter((part) => part !== "" && part !== ".");
  const up = parts.findIndex((part) => part !== "..");
  const leading = up === -1 ? parts.length : up;
  if (parts.slice(leading).includes("..") || leading > path.length - 1) return outside;
  return { kind: "link", path, to };
}

/** No setuid, setgid or sticky bit; never less than the owner's own access, so that what was copied can be read and removed. */
export function safeMode(mode: number | undefined, kind: "folder" | "file"): number {
  const own = kind === "folder" ? 0o700 : 0o600;
  return ((mode ?? own) & 0o755) | own;
}
