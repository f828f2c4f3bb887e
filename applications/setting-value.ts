import { hiddenReason } from "@guise/contract";
import { readPattern } from "@guise/contract/pattern";
import { nearest } from "#foundation";
import { type Fault, fault, quoted } from "./fault.ts";
import type { Setting, SettingField } from "./setting.ts";

const MAP_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const MAXIMUM_ITEMS = 200;
const MAXIMUM_TEXT = 8192;

type Limits = Pick<SettingField, "enum" | "pattern" | "minimum" | "maximum">;

/** What is wrong with a value for a setting; places are counted from the value. */
export function settingFaults(setting: Setting, value: unknown): Fault[] {
  if (setting.type === "list") return listFaults(setting, value);
  if (setting.type === "map") return mapFaults(setting.fields ?? {}, value);
  if (setting.type === "path") return pathFaults(setting, value);
  return scalarFaults(setting.type, setting, value);
}

function listFaults(setting: Setting, value: unknown): Fault[] {
  if (!Array.isArray(value)) return [wrongType("a list of texts", value)];
  if (value.length > MAXIMUM_ITEMS) return [fault([], "too_large", `has ${value.length} items; at most ${MAXIMUM_ITEMS} are accepted`)];
  return value.flatMap((item, index) => scalarFaults("string", setting, item).map((found) => ({ ...found, at: [index] })));
}

function mapFaults(fields: Readonly<Record<string, SettingField>>, value: unknown): Fault[] {
  if (!isRecord(value)) return [wrongType("an object of named objects", value)];
  const count = Object.keys(value).length;
  if (count > MAXIMUM_ITEMS) return [fault([], "too_large", `has ${count} members; at most ${MAXIMUM_ITEMS} are accepted`)];
  return Object.entries(value).flatMap(([name, member]) => {
    if (!MAP_NAME.test(name)) return [fault([name], "wrong_value", `${quoted(name)} may have letters, digits and inner . _ -`)];
    return memberFaults(fields, member).map((found) => ({ ...found, at: [name, ...found.at] }));
  });
}

function memberFaults(fields: Readonly<Record<string, SettingField>>, member: unknown): Fault[] {
  if (!isRecord(member)) return [wrongType("an object", member)];
  const names = Object.keys(fields);
  const missing = names.filter((name) => fields[name]?.required === true && member[name] === undefined);
  return [
    ...missing.map((name) => fault([name], "missing", `${quoted(name)} is required`)),
    ...Object.entries(member).flatMap(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined)
        return [fault([name], "unknown_name", `${quoted(name)} is not one of ${names.join(", ")}`, nearest(name, names))];
      return scalarFaults(field.type, field, value).map((found) => ({ ...found, at: [name] }));
    }),
  ];
}

function pathFaults(setting: Setting, value: unknown): Fault[] {
  if (typeof value !== "string") return [wrongType('a path such as "~/work"', value)];
  const parts = value.replace(/\/$/, "").split("/");
  if (parts[0] !== "~" || parts.slice(1).some((part) => part === "" || part === "." || part === ".."))
    return [fault([], "wrong_value", `${quoted(value)} is not a path below the home, such as "~/work"`)];
  return scalarFaults("string", setting, value);
}

function scalarFaults(type: SettingField["type"], limits: Limits, value: unknown): Fault[] {
  if (!hasType(type, value)) return [wrongType(TYPE_WORDS[type], value)];
  if (limits.enum !== undefined && !limits.enum.includes(value)) {
    const allowed = limits.enum.map(String);
    return [
      fault(
        [],
        "wrong_value",
        `${quoted(value)} is not one of ${allowed.map((name) => quoted(name)).join(", ")}`,
        nearest(String(value), allowed),
      ),
    ];
  }
  if (typeof value === "number") return rangeFaults(limits, value);
  if (typeof value !== "string") return [];
  if (value.length > MAXIMUM_TEXT) return [fault([], "too_large", `has ${value.length} characters; at most ${MAXIMUM_TEXT} are accepted`)];
  const hidden = hiddenReason(value);
  if (hidden !== undefined) return [fault([], "wrong_value", hidden)];
  if (limits.pattern !== undefined && readPattern(limits.pattern).pattern?.matches(value) !== true)
    return [fault([], "wrong_value", `${quoted(value)} does not match ${limits.pattern}`)];
  return [];
}

function rangeFaults({ minimum, maximum }: Limits, value: number): Fault[] {
  if (minimum !== undefined && value < minimum)
    return [fault([], "wrong_value", `${value} is below the least, ${minimum}`, String(minimum))];
  if (maximum !== undefined && value > maximum)
    return [fault([], "wrong_value", `${value} is above the most, ${maximum}`, String(maximum))];
  return [];
}

const TYPE_WORDS: Readonly<Record<SettingField["type"], string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function hasType(type: SettingField["type"], value: unknown): value is string | number | boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "number") return typeof value === "number" && Number.isFinite(value);
  return typeof value === type;
}

function wrongType(expected: string, value: unknown): Fault {
  return fault([], "wrong_type", `${quoted(value)} is not ${expected}`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
