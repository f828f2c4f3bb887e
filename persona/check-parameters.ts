import type { ParameterDefinition } from "@guise/contract";
import { type Check, present } from "./checking.ts";
import { below } from "./json-path.ts";
import { readPatterns } from "./parameter-pattern.ts";
import { parameterFaults } from "./parameters.ts";

export const checkParameters: Check = (draft) => {
  const parameters = present(draft.parameters);
  const { patterns, faults } = readPatterns(parameters);
  const own = parameters.flatMap(([name, definition]) =>
    definition.type === undefined ? [] : below([name], parameterFaults(definition as ParameterDefinition, patterns.get(name))),
  );
  return below(["parameters"], [...faults, ...own]);
};
