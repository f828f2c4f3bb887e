import { WORKSPACE_HOME } from "@guise/contract";
import { nearest } from "#foundation";
import type { CatalogEntry } from "./catalog-entry.ts";
import { type Fault, fault, quoted } from "./fault.ts";
import type { FilePart } from "./file-draft.ts";
import type { Setting, SettingPlace } from "./setting.ts";
import { settingFaults } from "./setting-value.ts";

/** What one application of a persona puts into the personal layer. */
export interface ApplicationPlan {
  /** They follow those of its command. */
  readonly arguments: readonly string[];
  /** Final text. */
  readonly variables: Readonly<Record<string, string>>;
  readonly files: readonly FilePart[];
}

/** What is wrong with the settings that a persona gives one application; places are counted from its settings. */
export function applicationFaults(entry: CatalogEntry, values: Readonly<Record<string, unknown>>): Fault[] {
  const names = Object.keys(entry.settings);
  return Object.entries(values).flatMap(([name, value]) => {
    const setting = Object.hasOwn(entry.settings, name) ? entry.settings[name] : undefined;
    if (setting !== undefined) return settingFaults(setting, value).map((found) => ({ ...found, at: [name, ...found.at] }));
    const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
    return [fault([name], "unknown_name", `${quoted(name)} is not a setting of ${entry.name}; ${known}`, nearest(name, names))];
  });
}

/** Puts the given values, and the defaults of the others, where the application reads them. The values must be without faults. */
export function planApplication(entry: CatalogEntry, values: Readonly<Record<string, unknown>>): ApplicationPlan {
  const variables = new Map(Object.entries(entry.variables ?? {}).map(([name, value]) => [name, homeExpanded(value)]));
  const files = shippedParts(entry);
  const added: string[] = [];
  for (const [name, setting] of Object.entries(entry.settings)) {
    const value = Object.hasOwn(values, name) ? values[name] : setting.default;
    if (value === undefined) continue;
    for (const place of setting.places) {
      if ("arguments" in place) added.push(...argumentsOf(place, value));
      else if ("variable" in place) variables.set(place.variable, homeExpanded(String(written(place, value))));
      else files.push(filePart(setting, place, value));
    }
  }
  return { arguments: added, variables: Object.fromEntries(variables), files };
}

function shippedParts({ files = {}, texts = {} }: CatalogEntry): FilePart[] {
  return Object.entries(files).map(([path, file]) =>
    file.format === "text" ? { path, format: "text", content: texts[file.from] ?? "", apply: "replace" } : { path, ...file },
  );
}

type ArgumentsPlace = Extract<SettingPlace, { arguments: unknown }>;

/** Once for each item of a list; none for a word that is empty. */
function argumentsOf(place: ArgumentsPlace, value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const word = homeExpanded(String(written({ values: place.values, template: undefined }, item)));
    return word === "" ? [] : place.arguments.map((template) => template.replaceAll("{value}", () => word));
  });
}

/** `~/` at the beginning of a variable is the home: programs do not expand it themselves. */
export function homeExpanded(text: string): string {
  return text === "~" || text.startsWith("~/") ? WORKSPACE_HOME + text.slice(1) : text;
}

function filePart(setting: Setting, place: Extract<SettingPlace, { file: string }>, value: unknown): FilePart {
  const common = { path: place.file, apply: setting.apply };
  if (place.format === "lines") {
    const items = Array.isArray(value) ? value : [value];
    return { ...common, format: "lines", lines: items.map((item) => String(written(place, item))).filter((line) => line !== "") };
  }
  return { ...common, format: place.format, merge: nested(place.key, written(place, value)) };
}

function nested(key: readonly string[], value: unknown): Record<string, unknown> {
  const tree = key.reduceRight<unknown>((inner, name) => Object.fromEntries([[name, inner]]), value);
  return tree as Record<string, unknown>;
}

/** The value in the application's own words. With `values`, an empty text leaves a line out. */
function written(place: Pick<Exclude<SettingPlace, ArgumentsPlace>, "values" | "template">, value: unknown): unknown {
  const word = place.values !== undefined && Object.hasOwn(place.values, String(value)) ? place.values[String(value)] : value;
  if (place.template === undefined || word === "") return word;
  const relative = String(word).replace(/^~\/?/, "");
  return place.template.replace(/\{(value|relative)\}/g, (_, name) => (name === "value" ? String(word) : relative));
}
