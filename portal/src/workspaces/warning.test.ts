import type { WorkspaceView } from "@guise/contract";
import { expect, test } from "vitest";
import { warningOf } from "./warning.ts";

const of = (view: Partial<WorkspaceView>) => warningOf({ state: "ready", ...view } as WorkspaceView);
const idle = (warned: boolean) => ({ warned }) as NonNullable<WorkspaceView["idle"]>;

test("warns of what would end somebody's work, the worst first", () => {
  expect(of({})).toBeUndefined();
  expect(of({ idle: idle(false), home: { state: "roomy", why: "" } })).toBeUndefined();
  expect(of({ home: { state: "nearly_full", why: "" } })).toBe("Its home is nearly full");
  expect(of({ home: { state: "full", why: "" }, idle: idle(true) })).toBe("It is paused soon, because nobody uses it");
  expect(of({ shut: { since: "", why: "" }, idle: idle(true) })).toBe("Nobody can enter it");
  const ended = [{ source: "sales", access: "read", state: "ended" }] as const;
  expect(of({ data_access: [...ended] })).toBe("A data source is reached no more");
  expect(of({ state: "failed" })).toBe("It has failed");
  // What was so before it was paused is so no more.
  expect(of({ state: "suspended", home: { state: "full", why: "" } })).toBeUndefined();
});
