import { expect, test } from "vitest";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { openBox } from "./concealing-box.ts";

/** What a box says that is told so, in these pieces. */
async function heard(pieces: readonly string[], secrets: readonly string[]): Promise<string> {
  const site = {
    open: async () =>
      ({
        exec: async (_args, { onOutput }) => {
          for (const piece of pieces) onOutput("stdout", Buffer.from(piece));
          return 0;
        },
      }) as Partial<BuildBox> as BuildBox,
  } as Partial<BuildSite> as BuildSite;
  const box = await openBox(site, "parent", { hosts: [], allow: [], secrets });
  const said: Buffer[] = [];
  await box.exec([], { input: "", signal: undefined, onOutput: (_stream, bytes) => said.push(bytes) });
  return Buffer.concat(said).toString();
}

test("says nothing that opens a mirror, wherever the stream is cut", async () => {
  const text = "GET https://ada:s3cret@index.example/ä\nno line end s3cret";
  for (let at = 0; at <= text.length; at++)
    expect(await heard([text.slice(0, at), text.slice(at)], ["s3cret"])).toBe(text.replaceAll("s3cret", "***"));
});

test("a line without an end is handed on, and is not kept for ever", async () => {
  const piece = `${"x".repeat(50_000)}s3c`;
  expect(await heard([piece, "ret", piece, "ret"], ["s3cret"])).toBe(`${"x".repeat(50_000)}***`.repeat(2));
});

test("the longer one of two is found whole", async () => {
  expect(await heard(["abcdef abc"], ["abcdef", "abc"])).toBe("*** ***");
});
