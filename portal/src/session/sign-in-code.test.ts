import { describe, expect, test } from "vitest";
import { codeInFragment, codeInText } from "./sign-in-code.ts";

const ORIGIN = "http://guise.localhost:7080";
const CODE = "q1W2-e3R4_t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0";

describe("what signs a browser in", () => {
  test.each([
    ["a link's", `#code=${CODE}`, { code: CODE, page: undefined }],
    ["one that leads to a workspace", `#code=${CODE}&page=%2Fworkspaces%2Fw-abc`, { code: CODE, page: "/workspaces/w-abc" }],
    [
      "one that leads to a port of a workspace",
      `#code=${CODE}&page=%2Fworkspaces%2Fw-abc%3Ftab%3Dport-5173`,
      { code: CODE, page: "/workspaces/w-abc?tab=port-5173" },
    ],
    ["one that leads elsewhere", `#code=${CODE}&page=https%3A%2F%2Fevil.example`, undefined],
    ["too short a code", "#code=abc", undefined],
    ["none", "", undefined],
  ])("a fragment: %s", (_what, fragment, found) => expect(codeInFragment(fragment)).toEqual(found));

  test.each([
    ["the code", CODE],
    ["the code with what a terminal's selection brings along", `  ${CODE}\n`],
    ["the link", `${ORIGIN}/sign-in#code=${CODE}`],
    ["the link in quotes", `"${ORIGIN}/sign-in#code=${CODE}"`],
    ["what stands behind the address", `#code=${CODE}`],
  ])("pasted: %s", (_what, text) => expect(codeInText(text, ORIGIN)).toMatchObject({ code: CODE }));

  test("a link keeps the page that it leads to", () =>
    expect(codeInText(`${ORIGIN}/sign-in#code=${CODE}&page=%2Fopen%2Fdata-analyst`, ORIGIN)).toEqual({
      code: CODE,
      page: "/open/data-analyst",
    }));

  test.each([
    ["words", "let me in", /neither a sign-in code nor a link/],
    ["nothing", "", /neither a sign-in code nor a link/],
    ["half a link", `${ORIGIN}/sign-in#code=abc`, /not all of it was copied/],
    ["a link without a code", `${ORIGIN}/sign-in`, /has no sign-in code/],
    ["a link of another Guise", `http://other.localhost:7080/sign-in#code=${CODE}`, /another Guise: other\.localhost:7080/],
    ["an address that runs something", `javascript:alert(1)#code=${CODE}`, /neither/],
  ])("not taken: %s", (_what, text, wrong) => expect(codeInText(text, ORIGIN)).toEqual({ wrong: expect.stringMatching(wrong) }));
});
