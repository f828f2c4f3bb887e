/** What stands between commas or blanks. */
export function listed(typed: string): readonly string[] {
  return typed.split(/[,\s]+/).filter((item) => item !== "");
}
