import { LONGEST_CHECK, parseDuration, QuantityError } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import { type Check, items, present } from "./checking.ts";

/** They are run in a workspace that nobody asked for, with what parameters are when nothing is said. */
export const checkChecks: Check = ({ checks, parameters }) => {
  if (checks === undefined || checks.length === 0) return [];
  const unset = present(parameters).flatMap(([name, { default: usual }]): Fault[] =>
    usual === undefined
      ? [fault(["parameters", name], "missing", `${quoted(name)} needs a default: checks are run without anybody who could give a value`)]
      : [],
  );
  return [...unset, ...items(checks).flatMap(([index, { within }]) => timeFaults(within, ["checks", index, "within"]))];
};

function timeFaults(within: string | undefined, at: readonly (string | number)[]): Fault[] {
  if (within === undefined) return [];
  try {
    const time = parseDuration(within);
    return time <= LONGEST_CHECK ? [] : [fault(at, "wrong_value", `${quoted(within)} is more than 10 minutes`, "10m")];
  } catch (error) {
    if (error instanceof QuantityError) return [fault(at, "wrong_value", error.message)];
    throw error;
  }
}
