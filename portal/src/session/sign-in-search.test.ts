import { describe, expect, test } from "vitest";
import { signInSearch } from "./sign-in-search.ts";

describe("what stands behind the sign-in page's address", () => {
  test.each(["/", "/workspaces/w-abc?tab=files", "/open/data-analyst?region=UK"])("%s is a page to go to", (page) =>
    expect(signInSearch({ page })).toEqual({ page }),
  );

  test.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/sign-in?page=/", 7, undefined])(
    "%s is none",
    (page) => expect(signInSearch({ page })).toEqual({}),
  );

  test("a reason is one that is known", () => {
    expect(signInSearch({ failed: "cancelled" })).toEqual({ failed: "cancelled" });
    for (const failed of ["constructor", "Your account was stolen", 1]) expect(signInSearch({ failed })).toEqual({});
  });
});
