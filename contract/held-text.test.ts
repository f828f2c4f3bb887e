import { expect, it } from "vitest";
import { heldText } from "./held-text.ts";

const released_at = "2026-01-01T10:00:00.000Z";

it.each([
  [{ held: 60_000, released_at }, "held for 1 min"],
  [{ held: 3_600_000, requested_at: "2026-01-01T09:00:00.000Z", released_at }, "held for 1 h"],
  [{ held: 0, requested_at: "2026-01-01T09:00:00.000Z", released_at }, "held for 0 ms of the 1 h since it was asked for"],
])("%o: %s", (receipt, text) => expect(heldText(receipt)).toBe(text));
