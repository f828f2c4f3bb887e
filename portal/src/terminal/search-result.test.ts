import { expect, test } from "vitest";
import { foundText, MOST_FOUND } from "./search-result.ts";

test.each([
  [undefined, ""],
  [{ index: -1, count: 0 }, "Not found"],
  [{ index: 0, count: 3 }, "1 of 3"],
  [{ index: 2, count: 3 }, "3 of 3"],
  [{ index: -1, count: MOST_FOUND }, "1000 or more"],
])("%o is told as %o", (result, text) => expect(foundText(result)).toBe(text));
