import { z } from "zod";

/** Why a file of a home stayed as its person left it, though the persona has a word in it. */
export const LEFT_FILE_REASONS = {
  home_full: "the home has no room for it",
  not_a_file: "a link, a folder or something else that is no plain file lies in its place, or on the way to it",
  not_writable: "it cannot be read, or its folder not be written",
  too_large: "it is larger than 256 KiB",
  not_text: "it is not text in UTF-8",
  not_readable: "it cannot be read as what it should be; mend it, or put it aside",
  not_mergeable: "the persona's keys cannot be set without changing something else in it",
  too_slow: "merging took too long",
  changed_meanwhile: "it changed while it was merged",
} as const;
export type LeftFileReason = keyof typeof LEFT_FILE_REASONS;
export const LEFT_FILE_REASON_NAMES = Object.keys(LEFT_FILE_REASONS) as LeftFileReason[];

/** A file that was left alone at the last start. */
export const leftFileSchema = z.object({
  path: z.string(),
  reason: z.enum(LEFT_FILE_REASON_NAMES as [LeftFileReason, ...LeftFileReason[]]),
});
export type LeftFile = z.infer<typeof leftFileSchema>;

/** "~/.gitconfig was left as it is: …". */
export function leftFileText({ path, reason }: LeftFile): string {
  return `${path} was left as it is: ${LEFT_FILE_REASONS[reason]}`;
}

/** The largest file of a person that is merged into. */
export const MAXIMUM_MERGED_BYTES = 256 * 1024;
