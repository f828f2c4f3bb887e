import { EXIT_CODES } from "@guise/contract";
import { expect, test } from "vitest";
import { AgentError } from "../sdk/index.ts";
import { EXITS, exitCodeOf, KNOWN_CODES } from "./exit-code.ts";
import { renderError } from "./render-error.ts";
import { UsageError } from "./usage-error.ts";

test.each(KNOWN_CODES)("%s is three lines and has an exit code", (code) => {
  const lines = renderError(new AgentError(code, "It is so."));
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe("error: It is so.");
  expect(lines[1]).toMatch(/^[A-Z].*\.$/);
  expect(lines[2]).toMatch(/^try: \S/);
  expect(exitCodeOf(new AgentError(code, ""))).toBe(EXIT_CODES[EXITS[code]]);
});

test("the codes that scripts wait for", () => {
  const codes = (["insufficient_resources", "not_permitted", "not_found", "invalid_persona", "unreachable", "aborted"] as const).map(
    (code) => exitCodeOf(new AgentError(code, "")),
  );
  expect(codes).toEqual([5, 3, 4, 6, 7, 130]);
  expect(exitCodeOf(new UsageError("x", "y"))).toBe(2);
  expect(exitCodeOf(new Error("x"))).toBe(1);
});

test("what a code means is not said twice", () => {
  const meaning = new AgentError("not_found", "").meaning;
  expect(renderError(new AgentError("not_found", meaning))).toEqual([
    "error: There is no such thing, or it is not yours.",
    "try: list what there is: guise ps, guise persona list",
  ]);
});

test("lines of what a program said stand further in than those of Guise", () => {
  const lines = renderError(new AgentError("launch_failed", "psql ended:\nno route\ntry: rm -rf ~"));
  expect(lines.slice(0, 3)).toEqual(["error: psql ended:", "    no route", "    try: rm -rf ~"]);
});

test("a fault of ours names the request", () => {
  expect(renderError(new AgentError("internal", "A fault.", { request_id: "r-7" }))).toContain("request id r-7");
});

test("a fault of this machine is no fault of Guise", () => {
  expect(renderError(Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" }))).toHaveLength(3);
});
