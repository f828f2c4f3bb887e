import { LEFT_OUT_REASONS, type LeftOutReport, plainText } from "@guise/contract";
import type { Output } from "../output.ts";

/** Why something was not copied, or not as a whole. */
export type LeftOutKind =
  /** Its own owner may not read it. */
  | "unreadable"
  /** A socket, pipe or device: it has no content. */
  | "special"
  | "link_out"
  /** This machine cannot hold it beside what is there. */
  | "obstacle"
  /** It was copied while it changed. */
  | "changed";

export interface LeftOut {
  /** Below the folder that was copied; absent where only a program's words are there. */
  readonly name?: string;
  readonly kind: LeftOutKind;
  readonly reason: string;
  /** Where a link leads to. */
  readonly to?: string;
}

/** Lines that are shown; the rest is counted. */
const MOST_SHOWN = 50;

/** One line each, that what it names cannot forge. */
export function noteLeftOut(output: Output, leftOut: readonly LeftOut[]): void {
  for (const { name, kind, reason } of leftOut.slice(0, MOST_SHOWN)) {
    const what = kind === "changed" ? "not sure to be whole" : "left out";
    output.note(
      name === undefined ? `${what}: ${plainText(reason)}` : `${what} ${plainText(name.replace(/^\.\//, ""))}: it ${plainText(reason)}`,
    );
  }
  if (leftOut.length > MOST_SHOWN) output.note(`left out ${leftOut.length - MOST_SHOWN} more`);
}

/** What the workspace's side tells of an archive. */
export function leftOutInside({ entries, more, said }: LeftOutReport): LeftOut[] {
  const named = entries.map(({ path, reason }): LeftOut => {
    return { name: path, kind: reason === "socket" ? "special" : "unreadable", reason: LEFT_OUT_REASONS[reason] };
  });
  const unnamed: LeftOut[] = more ? [{ kind: "unreadable", reason: "more of that kind, which are not named" }] : [];
  return [...named, ...unnamed, ...said.map((line): LeftOut => ({ kind: "changed", reason: line }))];
}
