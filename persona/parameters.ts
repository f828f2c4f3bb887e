import { hiddenReason, type ParameterDefinition, type ParameterValue, type ParameterValues } from "@guise/contract";
import { type Pattern, readPattern } from "@guise/contract/pattern";
import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import { below } from "./json-path.ts";
import { MAXIMUM_MATCHED_LENGTH } from "./parameter-pattern.ts";

type Definitions = Readonly<Record<string, ParameterDefinition>>;

/** What is wrong with one parameter's own definition, its pattern apart. */
export function parameterFaults(definition: ParameterDefinition, pattern?: Pattern): Fault[] {
  const numeric = definition.type === "integer" || definition.type === "number";
  const bound = definition.minimum !== undefined ? "minimum" : "maximum";
  if (!numeric && definition[bound] !== undefined) return [fault([bound], "wrong_value", "bounds are for numbers")];
  const { minimum = -Infinity, maximum = Infinity } = definition;
  if (minimum > maximum) return [fault(["minimum"], "wrong_value", `${minimum} is above the maximum, ${maximum}: no value would do`)];
  const choices = (definition.enum ?? []).flatMap((choice, index) =>
    valueFaults({ type: definition.type }, choice).map((found) => ({ ...found, at: ["enum", index] })),
  );
  if (choices.length > 0 || definition.default === undefined) return choices;
  return valueFaults(definition, definition.default, pattern).map((found) => ({ ...found, at: ["default"] }));
}

export interface ParameterReading {
  readonly values: ParameterValues;
  readonly faults: readonly Fault[];
}

/** Given values and defaults, checked. A text is taken for a number or a boolean where one is asked: commands know no types. */
export function readParameters(definitions: Definitions, given: Readonly<Record<string, unknown>>): ParameterReading {
  const names = Object.keys(definitions);
  const faults = Object.keys(given)
    .filter((name) => !Object.hasOwn(definitions, name))
    .map((name) => fault([name], "unknown_name", unknownMessage(name, names), nearest(name, names)));
  const values: [string, ParameterValue][] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const value = Object.hasOwn(given, name) ? typed(definition.type, given[name]) : definition.default;
    if (value === undefined)
      faults.push(fault([name], "missing", `${quoted(name)} has no default and must be given${meaning(definition)}`));
    else {
      const found = givenFaults(definition, value);
      if (isScalar(value) && found.length === 0) values.push([name, value]);
      else faults.push(...below([name], found));
    }
  }
  return { values: Object.fromEntries(values), faults };
}

function givenFaults(definition: ParameterDefinition, value: unknown): Fault[] {
  if (definition.pattern === undefined) return valueFaults(definition, value);
  const { pattern, reason } = readPattern(definition.pattern);
  if (pattern !== undefined) return valueFaults(definition, value, pattern);
  return [fault([], "wrong_value", `its pattern ${quoted(definition.pattern)} ${reason}; the persona's author has to publish another`)];
}

function unknownMessage(name: string, names: readonly string[]): string {
  return `${quoted(name)} is not a parameter of this persona; it has ${names.length === 0 ? "none" : names.join(", ")}`;
}

function meaning({ description, type }: ParameterDefinition): string {
  return description === undefined ? ` (${type})` : ` (${type}: ${description})`;
}

function isScalar(value: unknown): value is ParameterValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function typed(type: ParameterDefinition["type"], value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  const numeric = type === "integer" || type === "number";
  return numeric && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
}

/** A text may stand in a document some ten thousand times. */
const MAXIMUM_TEXT = 1024;

const TYPES: Readonly<Record<ParameterDefinition["type"], { words: string; holds: (value: unknown) => boolean }>> = {
  string: { words: "a text", holds: (value) => typeof value === "string" },
  integer: { words: "a whole number", holds: Number.isSafeInteger },
  number: { words: "a number", holds: Number.isFinite },
  boolean: { words: "true or false", holds: (value) => typeof value === "boolean" },
};

function valueFaults(definition: ParameterDefinition, value: unknown, pattern?: Pattern): Fault[] {
  const type = TYPES[definition.type];
  if (!type.holds(value)) return [fault([], "wrong_type", `${quoted(value)} is not ${type.words}`)];
  const { enum: choices, minimum, maximum } = definition;
  if (choices !== undefined && !choices.includes(value as ParameterValue)) {
    const words = choices.map(String);
    return [fault([], "wrong_value", `${quoted(value)} is not one of ${words.join(", ")}`, nearest(String(value), words))];
  }
  if (typeof value === "number" && minimum !== undefined && value < minimum)
    return [fault([], "wrong_value", `${value} is below the least, ${minimum}`)];
  if (typeof value === "number" && maximum !== undefined && value > maximum)
    return [fault([], "wrong_value", `${value} is above the most, ${maximum}`)];
  if (typeof value !== "string") return [];
  if (value.length > MAXIMUM_TEXT) return [fault([], "too_large", `has ${value.length} characters; at most ${MAXIMUM_TEXT} are accepted`)];
  const hidden = hiddenReason(value);
  if (hidden !== undefined) return [fault([], "wrong_value", hidden)];
  if (pattern === undefined) return [];
  if (value.length > MAXIMUM_MATCHED_LENGTH)
    return [fault([], "too_large", `has ${value.length} characters; at most ${MAXIMUM_MATCHED_LENGTH} are matched against a pattern`)];
  return pattern.matches(value) ? [] : [fault([], "wrong_value", `${quoted(value)} does not match ${definition.pattern}`)];
}
