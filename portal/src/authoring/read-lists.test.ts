import { expect, test } from "vitest";
import { readLists } from "./read-lists.ts";

test("each chosen file is a list", async () => {
  const files = [new File(["polars\n"], "requirements.txt"), new File(["{}"], "package.json")];
  expect(await readLists(files)).toEqual({
    lists: ["requirements.txt", "package.json"],
    files: [
      { name: "requirements.txt", content: "polars\n" },
      { name: "package.json", content: "{}" },
    ],
  });
});

test("a file that the lists name goes with them, and is no list of its own", async () => {
  const request = { lists: ["requirements.txt"], files: [{ name: "requirements.txt", content: "-c parts/limits.txt\n" }] };
  const before = { request, imported: { rows: [], wanted: ["parts/limits.txt"] } };
  const chosen = [new File(["numpy<2\n"], "limits.txt"), new File(["git\n"], "apt.txt")];
  expect(await readLists(chosen, before)).toEqual({
    lists: ["requirements.txt", "apt.txt"],
    files: [...request.files, { name: "parts/limits.txt", content: "numpy<2\n" }, { name: "apt.txt", content: "git\n" }],
  });
});

test.each([
  ["too large", new File([new Uint8Array(300_000)], "data.csv"), "data.csv is larger than 256 KiB"],
  ["no text", new File([new Uint8Array([0xff, 0xfe, 0x41])], "a.txt"), "a.txt is not text"],
])("what is %s is told by its name", async (_, file, message) => {
  await expect(readLists([file])).rejects.toThrow(message);
});
