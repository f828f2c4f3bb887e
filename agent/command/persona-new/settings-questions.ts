import type { CatalogApplication, CatalogSetting } from "@guise/contract";
import type { Pattern } from "@guise/contract/pattern";
import type { Ask } from "./ask.ts";
import { listed } from "./listed.ts";

export type Value = string | number | boolean | readonly string[];

/** The settings of one application that the author chooses to set. */
export async function settingsOf(ask: Ask, { name, settings }: CatalogApplication): Promise<Record<string, Value>> {
  const choices = Object.entries(settings)
    .filter(([, { type }]) => type !== "map")
    .map(([value, { description }]) => ({ value, label: value, hint: description }));
  if (choices.length === 0) return {};
  const values: Record<string, Value> = {};
  for (const setting of await ask.many(`Which settings of ${name} do you want to set? (Enter: none)`, choices, false)) {
    const facts = settings[setting];
    if (facts !== undefined) values[setting] = await valueFrom(ask, `${name}: ${setting}`, facts);
  }
  return values;
}

async function valueFrom(ask: Ask, question: string, setting: CatalogSetting): Promise<Value> {
  const initial = setting.default === undefined ? undefined : String(setting.default);
  if (setting.type === "boolean") return ask.yes(question, setting.default === true);
  if (setting.enum !== undefined) {
    const chosen = await ask.one(
      question,
      setting.enum.map((value) => ({ value: String(value), label: String(value) })),
      initial,
    );
    return setting.enum.find((value) => String(value) === chosen) ?? chosen;
  }
  const pattern = await patternOf(setting);
  const typed = await ask.text({
    question: `${question} (${setting.description})`,
    ...(initial === undefined ? {} : { initial }),
    check: (text) => valueFault(text, setting, pattern),
  });
  if (setting.type === "list") return listed(typed);
  return setting.type === "integer" || setting.type === "number" ? Number(typed) : typed;
}

/** The engine of patterns is loaded by whoever meets one: every other command starts without it. */
async function patternOf({ type, pattern }: CatalogSetting): Promise<Pattern | undefined> {
  if (pattern === undefined || type !== "string") return undefined;
  const { readPattern } = await import("@guise/contract/pattern");
  return readPattern(pattern).pattern;
}

/** The broker checks everything again when the document is finished; this spares going back. */
function valueFault(
  typed: string,
  { type, pattern: form, minimum, maximum }: CatalogSetting,
  pattern: Pattern | undefined,
): string | undefined {
  if (type === "integer" || type === "number") {
    const value = Number(typed);
    if (typed === "" || !Number.isFinite(value) || (type === "integer" && !Number.isInteger(value)))
      return `a ${type === "integer" ? "whole " : ""}number`;
    if (minimum !== undefined && value < minimum) return `at least ${minimum}`;
    return maximum !== undefined && value > maximum ? `at most ${maximum}` : undefined;
  }
  if (typed === "") return "a value is needed";
  if (type === "path" && !/^(?:~|\/)/.test(typed)) return "a path that begins with ~/ or /";
  return pattern?.matches(typed) === false ? `it must match ${form}` : undefined;
}
