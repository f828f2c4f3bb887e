import { isRecord } from "../setting-value.ts";
import { notRepresentable } from "./format-error.ts";

/** Java properties; nested keys are joined by dots, everything beyond ASCII is escaped. */
export function renderProperties(tree: Readonly<Record<string, unknown>>, prefix = ""): string {
  return Object.entries(tree)
    .map(([key, value]) => {
      const name = prefix === "" ? key : `${prefix}.${key}`;
      if (isRecord(value)) return renderProperties(value, name);
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
        throw notRepresentable(`${name} is not a text, number or boolean`);
      return `${propertiesEntry(name, String(value))}\n`;
    })
    .join("");
}

/** One line, without its end. */
export function propertiesEntry(key: string, value: string): string {
  return `${propertiesKey(key)}=${escaped(value, false)}`;
}

export function propertiesKey(key: string): string {
  return escaped(key, true);
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\\": "\\\\" };

function escaped(text: string, key: boolean): string {
  return text
    .replace(/[\n\r\t\f\\]/g, (found) => NAMED[found] ?? found)
    .replace(key ? /[ =:#!]/g : /^ /, "\\$&")
    .replace(/[^\u0020-\u007e]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
