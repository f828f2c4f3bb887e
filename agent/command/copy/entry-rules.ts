import { posix } from "node:path";

/** The kinds of entries that a tar archive can hold, as tar-stream names them. */
export type EntryType = string | null | undefined;

export interface Entry {
  readonly name: string;
  readonly type?: EntryType;
  readonly linkname?: string | null | undefined;
}

/** What may become of an entry on the person's machine. `refuse` ends the whole extraction: no honest archive has such an entry. */
export type Verdict =
  | { readonly kind: "folder" | "file"; readonly path: readonly string[] }
  | { readonly kind: "link"; readonly path: readonly string[]; readonly to: string }
  | { readonly kind: "leave_out"; readonly reason: string }
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
  if (path.length === 0) return { kind: "leave_out", reason: "has no name" };
  if (entry.type === "file" || entry.type === "contiguous-file") return { kind: "file", path };
  if (entry.type === "symlink") return linkVerdict(path, entry.linkname ?? "");
  if (entry.type === "link") return { kind: "leave_out", reason: "is a hard link" };
  return { kind: "leave_out", reason: "is a device or pipe" };
}

/**
 * A link may lead only below the target. `..` is allowed only in front: behind a name it would be resolved from wherever
 * that name, itself perhaps a link, leads to, and several harmless links together could lead out.
 */
function linkVerdict(path: readonly string[], to: string): Verdict {
  const outside: Verdict = { kind: "leave_out", reason: "is a link that leads out of the folder" };
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
