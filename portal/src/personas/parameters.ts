import type { ParameterDefinition, ParameterValue, ParameterValues, VersionView } from "@guise/contract";

export function parametersOf(persona: Pick<VersionView, "parameters">): readonly (readonly [string, ParameterDefinition])[] {
  return Object.entries(persona.parameters) as [string, ParameterDefinition][];
}

/** A parameter without a default must be given. */
export function mustAsk(persona: Pick<VersionView, "parameters">): boolean {
  return parametersOf(persona).some(([, { default: value }]) => value === undefined);
}

/** What stands in a field: text, but for what is only yes or no. */
export type Fields = Readonly<Record<string, string | boolean>>;

/** Defaults, over them what a link gives. */
export function firstFields(persona: Pick<VersionView, "parameters">, given: Readonly<Record<string, unknown>>): Fields {
  return Object.fromEntries(
    parametersOf(persona).map(([name, definition]) => {
      const value = given[name] ?? definition.default;
      if (definition.type === "boolean") return [name, value === true || value === "true"];
      return [name, value === undefined ? "" : String(value)];
    }),
  );
}

/** The values to send, or what is wrong with each. The broker looks again, and has the last word. Pure. */
export function valuesOf(
  persona: Pick<VersionView, "parameters">,
  fields: Fields,
): { readonly values: ParameterValues; readonly wrong: Readonly<Record<string, string>> } {
  const values: Record<string, ParameterValue> = {};
  const wrong: Record<string, string> = {};
  for (const [name, definition] of parametersOf(persona)) {
    const field = fields[name] ?? "";
    const read = typeof field === "boolean" ? field : readValue(definition, field);
    const why = read === undefined ? undefined : whyWrong(definition, read);
    if (read === undefined) {
      if (definition.default === undefined) wrong[name] = "must be given";
    } else if (why === undefined) values[name] = read;
    else wrong[name] = why;
  }
  return { values, wrong };
}

/** Undefined: nothing was given. */
function readValue({ type }: ParameterDefinition, text: string): ParameterValue | undefined {
  if (text.trim() === "") return undefined;
  return type === "string" ? text : Number(text);
}

function whyWrong(definition: ParameterDefinition, value: ParameterValue): string | undefined {
  const { type, enum: choices, pattern, minimum, maximum } = definition;
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "is not a number";
    if (type === "integer" && !Number.isInteger(value)) return "is not a whole number";
    if (minimum !== undefined && value < minimum) return `is less than ${minimum}`;
    if (maximum !== undefined && value > maximum) return `is more than ${maximum}`;
  }
  if (choices !== undefined && !choices.includes(value)) return `is none of ${choices.join(", ")}`;
  if (typeof value === "string" && pattern !== undefined && !matches(pattern, value)) return `does not have the form ${pattern}`;
  return undefined;
}

/** A form that this browser cannot read is left to the broker. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}

/** One argument of a shell, quoted where it must be. */
export function shellArgument(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
