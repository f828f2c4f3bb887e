import type { ParameterDefinition } from "@guise/contract";
import { type Check, present } from "./checking.ts";
import { below } from "./json-path.ts";
import { parameterFaults } from "./parameters.ts";

export const checkParameters: Check = (draft) =>
  present(draft.parameters).flatMap(([name, definition]) =>
    definition.type === undefined ? [] : below(["parameters", name], parameterFaults(definition as ParameterDefinition)),
  );
