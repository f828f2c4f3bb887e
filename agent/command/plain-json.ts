import { replaceHidden } from "@guise/contract";

/** JSON keeps every character, but escaped where a terminal would act on it or hide it. JSON itself escapes what stands below the space. */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(/[^\n]+/g, (line) => replaceHidden(line, escaped));
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
