import { type GivenOut, givenOutText, type ParameterValues, PRIORITIES, type Priority, Refusal } from "@guise/contract";
import { lowerPriority } from "#access";
import type { WorkspaceRow } from "#repository";
import { type Advice, type Shortage, sentenceOf } from "#resource-manager";

/** The group that is charged: the first of those that may ask, in the persona's order, that the person is in. */
export function chargedGroup(permitted: readonly string[], mine: readonly string[]): string {
  const group = permitted.find((one) => mine.includes(one));
  if (group === undefined) throw new Refusal("not_permitted", `this is for the group ${permitted.join(" or ")}`);
  return group;
}

/** What was asked for, else the persona's, never above the grant. Asking for more than the grant is refused. */
export function priorityOf(asked: Priority | undefined, persona: Priority, grant: Priority): Priority {
  if (asked === undefined) return lowerPriority(persona, grant);
  if (PRIORITIES[asked] <= PRIORITIES[grant]) return asked;
  throw new Refusal("not_permitted", `Priority ${asked} is above your grant, which is ${grant}.`, { facts: { priority_grant: grant } });
}

/** A request for a workspace that exists gives that one, unless it differs or is on its way out. */
export function checkExisting(row: WorkspaceRow, parameters: ParameterValues, version: number | undefined): void {
  if (row.desired === "released" || row.state === "releasing") {
    throw new Refusal("conflict", "The workspace is being given back; ask again when it is.", { facts: { workspace_id: row.id } });
  }
  if (version !== undefined && version !== row.version) {
    throw new Refusal(
      "conflict",
      `You hold one of version ${row.version} under that name; give it back first, or ask under another name.`,
      {
        facts: { workspace_id: row.id, version: row.version },
      },
    );
  }
  if (sorted(row.parameters) === sorted(parameters)) return;
  throw new Refusal("parameters_differ", "The workspace exists with other parameters.", {
    facts: { workspace_id: row.id, present: row.parameters, requested: parameters },
  });
}

function sorted(values: ParameterValues): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Refuses at once what can never fit, and what would have to wait when the person will not. */
export function checkAdvice(advice: Advice, wait: boolean, rules: GivenOut): void {
  if (advice.kind === "would_start" || (advice.kind === "would_wait" && wait)) return;
  const facts =
    advice.kind === "never_fits"
      ? { never: true, largest: advice.largest, short: advice.short }
      : { never: false, place: advice.place, reason: advice.reason, short: advice.short };
  throw new Refusal(
    "insufficient_resources",
    `${sentenceOf(advice)}${advice.kind === "never_fits" ? explained(advice.short, rules) : ""}`,
    {
      facts,
    },
  );
}

/** The largest amounts are none that a machine has: how they follow from those. */
function explained(short: readonly Shortage[], rules: GivenOut): string {
  const texts = short.flatMap(({ dimension }) => givenOutText(dimension, rules) ?? []);
  return texts.length === 0 ? "" : ` (${texts.join("; ")})`;
}
