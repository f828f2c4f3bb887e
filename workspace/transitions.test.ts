import { REASONS, WORKSPACE_STATES, type WorkspaceState } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { ALLOCATED_STATES, SETTLED_STATES, TRANSITIONS, transitionOf } from "./transitions.ts";

/** The table, written down a second time on purpose: a change of it must be meant. */
const ALLOWED: Record<WorkspaceState, readonly WorkspaceState[]> = {
  queued: ["provisioning", "suspended", "failing", "releasing"],
  provisioning: ["ready", "queued", "failing", "releasing"],
  ready: ["provisioning", "suspending", "failing", "releasing"],
  suspending: ["suspended", "failing", "releasing"],
  suspended: ["queued", "releasing"],
  failing: ["failed", "releasing"],
  failed: ["queued", "releasing"],
  releasing: ["released"],
  released: [],
};

describe("the transition table", () => {
  test.each(WORKSPACE_STATES.flatMap((from) => WORKSPACE_STATES.map((to) => [from, to] as const)))("%s → %s", (from, to) => {
    expect(transitionOf(from, to) !== undefined, "as `ALLOWED` in this file has it").toBe(ALLOWED[from].includes(to));
  });

  test("a life begins in queued alone, and no pair stands twice", () => {
    expect(TRANSITIONS.filter(({ from }) => from === null).map(({ to }) => to)).toEqual(["queued"]);
    const pairs = TRANSITIONS.map(({ from, to }) => `${from}→${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  test("each state but ready can be reached only with a reason", () => {
    for (const { to, reasons } of TRANSITIONS) expect(reasons.length === 0, to).toBe(to === "ready");
  });

  test("every reason stands with a transition", () => {
    const used = new Set<string>(TRANSITIONS.flatMap(({ reasons }) => reasons));
    expect(Object.keys(REASONS).filter((reason) => !used.has(reason))).toEqual([]);
  });

  test("every state leads to released", () => {
    const reach = (state: WorkspaceState, seen = new Set<string>()): boolean => {
      if (state === "released") return true;
      if (seen.has(state)) return false;
      seen.add(state);
      return ALLOWED[state].some((next) => reach(next, seen));
    };
    for (const state of WORKSPACE_STATES) expect(reach(state), state).toBe(true);
    expect(ALLOCATED_STATES.some((state) => SETTLED_STATES.includes(state) && state !== "ready")).toBe(false);
  });
});
