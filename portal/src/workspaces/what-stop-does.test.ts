import { expect, test } from "vitest";
import { whatStopDoes } from "./what-stop-does.ts";

const ready_at = "2026-01-01T00:00:00Z";

test.each([
  [{ state: "queued", keeps_home: false }, "release"],
  [{ state: "provisioning", keeps_home: true }, "release"],
  [{ state: "queued", keeps_home: false, ready_at }, "suspend"],
  [{ state: "provisioning", keeps_home: false, ready_at }, "suspend"],
] as const)("%o: %s", (view, act) => expect(whatStopDoes(view).act).toBe(act));

test("says what is kept", () => {
  expect(whatStopDoes({ state: "queued", keeps_home: true }).says.join(" ")).toContain("A home that was kept from before stays.");
  expect(whatStopDoes({ state: "queued", keeps_home: false, ready_at }).says[0]).toBe(
    "It is paused again at once; its files stay as they are.",
  );
});
