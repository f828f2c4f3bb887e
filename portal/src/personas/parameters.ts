import { AgentError } from "@guise/agent";
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
  const { type, enum: choices, minimum, maximum } = definition;
  if (typeof value === "number") {
    if (Number.isNaN(value)) return "is not a number";
    if (type === "integer" && !Number.isInteger(value)) return "is not a whole number";
    if (minimum !== undefined && value < minimum) return `is less than ${minimum}`;
    if (maximum !== undefined && value > maximum) return `is more than ${maximum}`;
  }
  if (choices !== undefined && !choices.includes(value)) return `is none of ${choices.join(", ")}`;
  return undefined;
}

/** What the broker found wrong, by parameter: a pattern is matched there alone, in time that no author can draw out. */
export function refusedOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof AgentError)) return {};
  const named = error.problems.flatMap(({ path, message }) => {
    const name = path.startsWith("$.parameters.") ? path.slice("$.parameters.".length) : undefined;
    return name === undefined ? [] : [[name, message] as const];
  });
  return Object.fromEntries(named);
}

/** One argument of a shell, quoted where it must be. */
export function shellArgument(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
