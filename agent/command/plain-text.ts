/** Strings of strangers, made safe to show: no control, direction or invisible characters (they could forge what a terminal shows). */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "");
}

/** Several lines: line breaks and tabs stay. */
export function plainLines(text: string): string {
  return text.split(/\r?\n/).map(plainLine).join("\n");
}

function plainLine(text: string): string {
  return text.split("\t").map(plainText).join("  ");
}

/** JSON keeps every character, but escaped where a terminal would act on it. */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
