import { expect, test } from "vitest";
import { textsOf } from "./texts-of.ts";

test("texts lie directly below the home; what is none, or secret, is told by its name", async () => {
  const { texts, refused } = await textsOf([
    new File(["set number\n"], ".vimrc"),
    new File([new Uint8Array([255, 254])], "picture"),
    new File(["machine x password y"], ".netrc"),
    new File(["x".repeat(300_000)], "large"),
  ]);
  expect(texts).toEqual({ "~/.vimrc": { content: "set number\n" } });
  expect(refused.map((line) => line.split(" ")[0])).toEqual(["picture", ".netrc", "large"]);
});
