import { plainText } from "@guise/contract";

/** What no part of a name may be, whatever unpacks it: separators of other systems, drives and streams, what rules a line or hides something. */
const UNSAFE = /[\\:*?"<>|\p{Cc}]/gu;

/** Of any file system. */
const LONGEST_PART = 255;

/**
 * A path below the place where it is unpacked, on every system: no part leads upwards or begins anew, and none hides anything. A name that is
 * taken by another already gets a number.
 */
export function safeName(path: string, taken: Set<string>): string {
  const parts = path.split("/").map(safePart);
  const name = parts.join("/");
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : numbered(name, number);
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    return candidate;
  }
}

function safePart(part: string): string {
  const seen = plainText(part.replace(UNSAFE, "_"), LONGEST_PART);
  // Dots and spaces alone are the folder itself, the one above, or nothing.
  return /^[. ]*$/.test(seen) ? seen.replace(/[. ]/g, "_") || "_" : seen;
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf(".");
  const inName = dot > name.lastIndexOf("/") + 1 ? dot : name.length;
  return `${name.slice(0, inName)} (${number})${name.slice(inName)}`;
}
