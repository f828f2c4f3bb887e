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
  if (issue.code === "invalid_value") return [notOneOf(path, issue.values, at(input, issue.path))];
  if (issue.code === "invalid_union") return problemsOfUnion(issue, path, input);
  if (issue.code === "invalid_type") {
    return [{ path, code: at(input, issue.path) === undefined ? "missing" : "wrong_type", message: issue.message }];
  }
  return [{ path, code: issue.code === "too_big" ? "too_large" : "wrong_value", message: issue.message }];
}

function notOneOf(path: string, values: readonly unknown[], found: unknown): Problem {
  const names = values.map(String);
  if (found === undefined) return { path, code: "missing", message: `is missing; it is one of ${names.join(", ")}` };
  const suggestion = typeof found === "string" ? nearest(found, names) : undefined;
  const message = `is not one of ${names.join(", ")}`;
  return { path, code: "wrong_value", message, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Of several forms: the names that tell them apart, else the types that there are, else what is wrong with the form that is nearest. */
function problemsOfUnion(issue: z.core.$ZodIssueInvalidUnion, path: string, input: unknown): Problem[] {
  if ("options" in issue && issue.options !== undefined) return [notOneOf(path, issue.options, at(input, issue.path))];
  const types = issue.errors.flatMap(([first]) => (first?.code === "invalid_type" && first.path.length === 0 ? [first.expected] : []));
  if (types.length === issue.errors.length) {
    const isMissing = at(input, issue.path) === undefined;
    const message = `${isMissing ? "is missing; it is" : "is none of these:"} ${types.join(", ")}`;
    return [{ path, code: isMissing ? "missing" : "wrong_type", message }];
  }
  const [nearestForm = []] = [...issue.errors].sort((one, other) => one.length - other.length);
  return nearestForm.flatMap((inner) => problemsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }, input));
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
