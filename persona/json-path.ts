import type { Problem } from "@guise/contract";
import type { Fault } from "#applications";
import { plainText } from "#foundation";

export type PathTokens = readonly (string | number)[];

/** `$.a.b[0]["~/.x"]`. */
export function jsonPath(tokens: PathTokens): string {
  return tokens.reduce<string>((path, token) => {
    if (typeof token === "number") return `${path}[${token}]`;
    return /^[A-Za-z_$][A-Za-z0-9_$-]*$/.test(token) ? `${path}.${token}` : `${path}[${JSON.stringify(token)}]`;
  }, "$");
}

/** Messages repeat what a stranger wrote; what could forge a terminal's output is taken out. */
export function problemOf({ at, code, message, suggestion }: Fault): Problem {
  const problem = { path: plainText(jsonPath(at), 500), code, message: plainText(message, 500) };
  return suggestion === undefined ? problem : { ...problem, suggestion: plainText(suggestion, 200) };
}

/** The same faults, counted from further up. */
export function below(prefix: PathTokens, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, at: [...prefix, ...fault.at] }));
}
