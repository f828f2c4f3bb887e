import type { ParameterValue, ParameterValues } from "@guise/contract";
import { UsageError } from "./usage-error.ts";

/** `k=v` pairs with the types that the persona declares. An undeclared name goes as text: the broker says what is wrong with it. */
export function typedParameters(pairs: readonly string[], declared: Readonly<Record<string, unknown>>): ParameterValues {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 1) throw new UsageError(`--param "${pair}" has no value`, "--param NAME=VALUE");
      const name = pair.slice(0, equals);
      return [name, typedValue(name, pair.slice(equals + 1), typeOf(declared[name]))];
    }),
  );
}

function typeOf(definition: unknown): string {
  const type = (definition as { type?: unknown } | undefined)?.type;
  return typeof type === "string" ? type : "string";
}

function typedValue(name: string, text: string, type: string): ParameterValue {
  if (type === "boolean") {
    if (text !== "true" && text !== "false") throw wrong(name, text, "true or false");
    return text === "true";
  }
  if (type !== "integer" && type !== "number") return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw wrong(name, text, "a number");
  if (type === "integer" && !Number.isSafeInteger(value)) throw wrong(name, text, "a whole number");
  return value;
}

function wrong(name: string, text: string, wanted: string): UsageError {
  return new UsageError(`--param ${name}: "${text}" is not ${wanted}`, `--param ${name}=VALUE, where VALUE is ${wanted}`);
}
