import { type Problem, Refusal } from "@guise/contract";
import { nearest } from "#foundation";
import type { Call } from "./call.ts";

/** A mistyped group would silently give nothing. */
export async function checkGroups(call: Call, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return;
  const known = (await call.services.repository.groups()).map(({ group }) => group);
  const problems = groups.flatMap((group, index): Problem[] => {
    if (known.includes(group)) return [];
    const suggestion = nearest(group, known);
    const message = `there is no group ${group}`;
    return [{ path: `$.groups[${index}]`, code: "unknown_name", message, ...(suggestion === undefined ? {} : { suggestion }) }];
  });
  if (problems.length > 0) throw new Refusal("invalid", "Groups are made before they are named.", { problems });
}
