import { listed, type Preferences } from "@guise/contract";
import type { Clock } from "#foundation";
import { encodeConcrete, type MergedPreference, type Preferred, preferredMerges, withPreferences } from "#persona";
import { type Channel, missingPrograms } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import { concreteOf } from "../translate.ts";

/** A workspace as this start makes it: with what its person prefers now. The row is never written as it is here. */
export interface Personal extends Omit<Preferred, "persona"> {
  readonly row: WorkspaceRow;
}

/** Read anew at each start, so that they hold from the next one on. Texts of the person's are merged apart from this thread. */
export async function withPersonsPreferences({ repository, mergeFiles }: LoopContext, row: WorkspaceRow): Promise<Personal> {
  const { preferences } = await repository.preferences(row.owner);
  if (isNothing(preferences)) return { row, offered: [], programs: [], left: [] };
  const persona = concreteOf(row);
  const merges = preferredMerges(persona, preferences);
  const ends = await mergeFiles(merges.map(({ file, merging }) => ({ file, merging })));
  const merged = new Map(merges.map(({ path }, index): [string, MergedPreference] => [path, ends[index] ?? { left: "too_slow" }]));
  const { persona: preferred, ...rest } = withPreferences(persona, preferences, merged);
  return { row: { ...row, concrete: encodeConcrete(preferred) }, ...rest };
}

function isNothing(preferences: Preferences): boolean {
  return Object.values(preferences).every((value) => value === undefined);
}

/** What of them this workspace has no place for, in words; it is asked inside only where programs are preferred. */
export async function unmetPreferences(
  channel: Channel,
  { programs, left }: Personal,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const missing = await missingPrograms(
    channel,
    programs.map(({ program }) => program),
    options,
  );
  const lacking = programs.filter(({ program }) => missing.includes(program));
  return [
    ...lacking.map(({ use, program }) => `${program} is not in it: your ${use} here is ${use === "shell" ? "bash" : "the usual one"}`),
    ...byReason(left).map(([why, paths]) => `your ${listed(paths)} ${paths.length === 1 ? "is" : "are"} not used: ${why}`),
  ];
}

function byReason(left: Personal["left"]): readonly [string, string[]][] {
  const groups = Map.groupBy(left, ({ why }) => why);
  return [...groups].map(([why, files]) => [why, files.map(({ path }) => path)]);
}
