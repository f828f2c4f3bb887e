import { AgentError } from "@guise/agent";
import { expect, test } from "vitest";
import { pathOf } from "./paths.ts";
import { type Existing, type SendOptions, UploadQueue } from "./upload-queue.ts";

/** A home that keeps texts, and may be changed by others between a look and a write. */
class Home {
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>();
  /** Called before each write. */
  meanwhile: () => void = () => {};
  written = 0;
  readonly queue = new UploadQueue({
    look: async (place, name): Promise<Existing | undefined> => {
      const path = pathOf(place, name);
      if (this.folders.has(path)) return { kind: "folder", bytes: 0, modified: "" };
      const content = this.files.get(path);
      return content === undefined ? undefined : { kind: "file", bytes: content.length, modified: "" };
    },
    send: async (path: string, file: File, { exclusive, progress, signal }: SendOptions) => {
      this.meanwhile();
      signal.throwIfAborted();
      if (exclusive && this.files.has(path)) throw new AgentError("file_exists", "is there");
      progress(file.size);
      this.files.set(path, await file.text());
    },
    written: () => this.written++,
  });

  add(...files: (readonly [name: string, content: string])[]): void {
    this.queue.add(
      [],
      files.map(([name, content]) => new File([content], name)),
    );
  }

  async settles(...states: string[]): Promise<void> {
    await expect.poll(() => this.queue.uploads.map(({ name, state }) => `${name} ${state}`), { interval: 1 }).toEqual(states);
  }

  id(name: string): number {
    return this.queue.uploads.find((upload) => upload.name === name)?.id ?? -1;
  }
}

test("a file that was edited and is chosen again is asked about, and sent; the line of before is gone", async () => {
  const home = new Home();
  home.add(["a.txt", "one"]);
  await home.settles("a.txt done");
  home.add(["a.txt", "two!"]);
  await home.settles("a.txt asking");
  expect(home.queue.uploads[0]).toMatchObject({ bytes: 4, existing: { bytes: 3 } });
  expect(home.files.get("~/a.txt")).toBe("one");
  home.queue.answer(home.id("a.txt"), "replace", false);
  await home.settles("a.txt done");
  expect(home.files.get("~/a.txt")).toBe("two!");
  expect(home.written).toBe(2);
});

test("both are kept under the next free name, or the new one is skipped", async () => {
  const home = new Home();
  for (const name of ["a.txt", "a (1).txt", ".rc"]) home.files.set(`~/${name}`, "old");
  home.add(["a.txt", "new"], [".rc", "new"]);
  await home.settles("a.txt asking", ".rc asking");
  home.queue.answer(home.id("a.txt"), "keep_both", false);
  await home.settles("a (2).txt done", ".rc asking");
  home.queue.answer(home.id(".rc"), "skip", false);
  await home.settles("a (2).txt done");
  expect(Object.fromEntries(home.files)).toEqual({ "~/a.txt": "old", "~/a (1).txt": "old", "~/a (2).txt": "new", "~/.rc": "old" });
});

test("one answer holds for all that came together, also for those whose turn comes later, and for no others", async () => {
  const home = new Home();
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) home.files.set(`~/${name}`, "old");
  home.folders.add("~/dir");
  home.add(...names.map((name) => [name, "new"] as const), ["dir", "new"], ["f", "new"]);
  await expect.poll(() => home.queue.uploads.some(({ state }) => state === "asking"), { interval: 1 }).toBe(true);
  const first = home.queue.uploads.find(({ state }) => state === "asking");
  home.queue.answer(first?.id ?? -1, "replace", true);
  await home.settles("a done", "b done", "c done", "d done", "e done", "dir asking", "f done");
  expect([...home.files.values()]).toEqual(Array.from({ length: 6 }, () => "new"));
  home.add(["a", "newer"]);
  await expect.poll(() => home.queue.uploads.at(-1)?.state, { interval: 1 }).toBe("asking");
});

test("what came under the name after the look is not replaced either", async () => {
  const home = new Home();
  home.meanwhile = () => home.files.set("~/a", "theirs");
  home.add(["a", "mine"]);
  await home.settles("a asking");
  expect(home.files.get("~/a")).toBe("theirs");
});

test("what cannot be read here says so, and may be tried again; what is stopped is gone, and the next has its turn", async () => {
  const home = new Home();
  const broken = new File(["x"], "broken");
  let isBroken = true;
  const slice = broken.slice.bind(broken);
  broken.slice = (...range) => {
    if (isBroken) throw new DOMException("gone", "NotReadableError");
    return slice(...range);
  };
  home.queue.add([], [broken]);
  await home.settles("broken failed");
  expect(home.queue.uploads[0]?.error).toMatchObject({ code: "file_failed" });
  isBroken = false;
  home.queue.again(home.id("broken"));
  await home.settles("broken done");
  home.queue.clear();
  home.add(["a", "1"], ["b", "2"], ["c", "3"]);
  home.queue.stop(home.id("a"));
  await home.settles("b done", "c done");
});
