import { expect, test } from "vitest";
import { readDropped } from "./dropped.ts";

type Tree = { readonly [name: string]: string | Tree };

/** As browsers give them: folders by the hundred. */
function entryOf(name: string, content: string | Tree): FileSystemEntry {
  if (typeof content === "string") {
    const file = (got: (file: File) => void) => got(new File([content], name));
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([each, below]) => entryOf(each, below));
    return { readEntries: (got: (entries: FileSystemEntry[]) => void) => got(left.splice(0, 100)) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

async function dropped(tree: Tree) {
  const items = Object.entries(tree).map(([name, content]) => ({
    webkitGetAsEntry: () => entryOf(name, content),
    getAsFile: () => null,
  }));
  const { files, empty } = await readDropped(items);
  return { files: files.map(({ place, file }) => [...place, file.name].join("/")).sort(), empty: empty.map((place) => place.join("/")) };
}

test("all below what is dropped is found, and folders with nothing in them", async () => {
  expect(await dropped({ "a.txt": "1", work: { "b.txt": "2", deep: { "c.txt": "3", none: {} } }, void: {} })).toEqual({
    files: ["a.txt", "work/b.txt", "work/deep/c.txt"],
    empty: ["void", "work/deep/none"],
  });
});

test("a folder with more than a hundred files is read to its end, and one with too many is refused whole", async () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, "x"]));
  expect((await dropped({ many: many(250) })).files).toHaveLength(250);
  await expect(dropped({ many: many(10_001) })).rejects.toMatchObject({ code: "payload_too_large" });
});
