/** Strings of strangers, made safe to show: no control, direction or invisible characters (they could forge what a terminal shows). */
export function plainText(text: string, maximum = 4000): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");
  return clean.length > maximum ? `${clean.slice(0, maximum)}…` : clean;
}
