import type { Problem } from "@guise/contract";
import type { z } from "zod";
import { nearest } from "#foundation";

/** What a schema found, as the problems that people read: path, reason, and the nearest right name. */
export function problemsOf(error: z.ZodError, input: unknown): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, input)).slice(0, 100);
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: `${path}.${key}`.slice(0, 300), code: "unknown_field", message: "there is no such field" }));
  }
  if (issue.code === "invalid_value") {
    const found: unknown = at(input, issue.path);
    const names = issue.values.map(String);
    const suggestion = typeof found === "string" ? nearest(found, names) : undefined;
    const message = `is not one of ${names.join(", ")}`;
    return [{ path, code: "wrong_value", message, ...(suggestion === undefined ? {} : { suggestion }) }];
  }
  if (issue.code === "invalid_type") {
    return [{ path, code: at(input, issue.path) === undefined ? "missing" : "wrong_type", message: issue.message }];
  }
  return [{ path, code: issue.code === "too_big" ? "too_large" : "wrong_value", message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`), "$");
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part)) return undefined;
    found = Reflect.get(found, part);
  }
  return found;
}
