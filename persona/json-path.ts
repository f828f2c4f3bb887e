import type { Problem } from "@guise/contract";
import { plainText, visibleText } from "@guise/contract";
import type { Fault } from "#applications";

export type PathTokens = readonly (string | number)[];

/** `$.a.b[0]["~/.x"]`. */
export function jsonPath(tokens: PathTokens): string {
  return tokens.reduce<string>((path, token) => {
    if (typeof token === "number") return `${path}[${token}]`;
    return /^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(token) ? `${path}.${token}` : `${path}[${JSON.stringify(token)}]`;
  }, "$");
}

/** Messages repeat what a stranger wrote; what is hidden in it stands there as its number. */
export function problemOf({ at, code, message, suggestion }: Fault): Problem {
  const problem = { path: shown(jsonPath(at), 500), code, message: shown(message, 500) };
  return suggestion === undefined ? problem : { ...problem, suggestion: shown(suggestion, 200) };
}

function shown(text: string, most: number): string {
  return plainText(visibleText(text), most);
}

/** The same faults, counted from further up. */
export function below(prefix: PathTokens, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, at: [...prefix, ...fault.at] }));
}
