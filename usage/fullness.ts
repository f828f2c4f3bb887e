import { formatBytes } from "@guise/contract";

/** What the file system of a home has, and what of it is taken: bytes, and files with folders. */
export interface HomeRoom {
  readonly bytes: { readonly used: number; readonly of: number };
  readonly files: { readonly used: number; readonly of: number };
}

export interface Fullness {
  readonly state: "roomy" | "nearly_full" | "full";
  /** For people, with the numbers in it. */
  readonly why: string;
}

/** From this share on its person is warned. */
export const NEARLY_FULL = 0.9;
/** Less than this is no room to work in, bytes and files. */
const NOTHING = { bytes: 64 * 2 ** 10, files: 1 };

/** How full a home is, by what it has least of. Pure. */
export function fullnessOf({ bytes, files }: HomeRoom): Fullness {
  const full = bytes.of - bytes.used < NOTHING.bytes || files.of - files.used < NOTHING.files;
  const ofBytes = bytes.used / bytes.of;
  const ofFiles = files.used / files.of;
  const state = full ? "full" : Math.max(ofBytes, ofFiles) >= NEARLY_FULL ? "nearly_full" : "roomy";
  const share = Math.floor(100 * Math.max(ofBytes, ofFiles));
  const what =
    ofBytes >= ofFiles ? `${formatBytes(bytes.used)} of ${formatBytes(bytes.of)}` : `${files.used} of ${files.of} files and folders`;
  return { state, why: full ? `its home is full: ${what}; delete something` : `its home is ${share} % full: ${what}` };
}
