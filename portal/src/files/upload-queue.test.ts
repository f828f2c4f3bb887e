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
  readonly dropped: string[] = [];
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
    drop: (upload) => void this.dropped.push(upload),
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

/** A home that takes files in pieces of three letters, and stands still until it is told. */
class SlowHome {
  readonly parts = new Map<string, string>();
  readonly files = new Map<string, string>();
  readonly dropped: string[] = [];
  readonly #moves: (() => void)[] = [];
  readonly queue = new UploadQueue({
    look: async (place, name) => (this.files.has(pathOf(place, name)) ? { kind: "file", bytes: 1, modified: "" } : undefined),
    send: async (path, file, { signal, progress, begunBefore = "u-1", begun, cut }) => {
      const text = await file.text();
      begun(begunBefore);
      for (;;) {
        const part = this.parts.get(begunBefore) ?? "";
        progress(part.length);
        if (part.length === text.length) break;
        cut(true);
        await new Promise<void>((resolve, reject) => {
          this.#moves.push(resolve);
          signal.addEventListener("abort", () => reject(signal.reason));
        });
        cut(false);
        this.parts.set(begunBefore, text.slice(0, part.length + 3));
      }
      this.files.set(path, text);
    },
    drop: (upload) => void this.dropped.push(upload),
    written: () => {},
  });

  move(): void {
    for (const go of this.#moves.splice(0)) go();
  }

  async stands(expected: object): Promise<void> {
    await expect.poll(() => this.queue.uploads[0], { interval: 1 }).toMatchObject(expected);
  }
}

test("an upload is paused and continued from where it was, and what came of one that is called off is dropped", async () => {
  const home = new SlowHome();
  home.queue.add([], [new File(["abcdefgh"], "large")]);
  await home.stands({ state: "sending", sent: 0, isCut: true });
  home.move();
  await home.stands({ sent: 3, isCut: true });
  const id = home.queue.uploads[0]?.id ?? -1;
  home.queue.pause(id);
  await home.stands({ state: "paused", sent: 3, isCut: false });
  home.queue.again(id);
  await home.stands({ state: "sending", isCut: true });
  home.move();
  await home.stands({ sent: 6, isCut: true });
  home.move();
  await home.stands({ state: "done", sent: 8 });
  expect(home.files.get("~/large")).toBe("abcdefgh");
  home.queue.add([], [new File(["x".repeat(9)], "other")]);
  await expect.poll(() => home.queue.uploads.at(-1)?.state, { interval: 1 }).toBe("sending");
  await Promise.resolve();
  home.queue.stop(home.queue.uploads.at(-1)?.id ?? -1);
  expect(home.dropped).toEqual(["u-1"]);
});

test("what was left goes on with the same file, chosen again or brought anew, and with no other", async () => {
  const home = new SlowHome();
  const file = (text: string) => new File([text], "large", { lastModified: 1000 });
  const left = { upload: "u-9", place: ["a"], name: "large", bytes: 8, offset: 3, modified: 1000 };
  home.parts.set("u-9", "abc");
  home.queue.left([left]);
  home.queue.left([left]);
  expect(home.queue.uploads).toMatchObject([{ state: "left", sent: 3, bytes: 8 }]);
  const id = home.queue.uploads[0]?.id ?? -1;
  home.queue.chosenAgain(id, file("longer than that"));
  home.queue.chosenAgain(id, new File(["abcdefgh"], "large", { lastModified: 2000 }));
  await home.stands({ state: "left", error: { code: "file_failed" } });
  home.queue.add(["b"], [file("abcdefgh")]);
  expect(home.queue.uploads).toHaveLength(2);
  home.queue.stop(home.queue.uploads[1]?.id ?? -1);
  home.queue.add(["a"], [file("abcdefgh")]);
  await home.stands({ state: "sending", sent: 3, isCut: true });
  home.move();
  await home.stands({ sent: 6, isCut: true });
  home.move();
  await home.stands({ state: "done" });
  expect(home.files.get("~/a/large")).toBe("abcdefgh");
});

test("what comes with a folder goes to its own place, nothing there is replaced unasked, and all of it is stopped at once", async () => {
  const home = new Home();
  home.files.set("~/work/b", "old");
  const brought = (name: string) => ({ place: ["work"], file: new File(["new"], name) });
  home.queue.bring(["a", "b", "c"].map(brought), true);
  await home.settles("a done", "b asking", "c done");
  expect(home.files.get("~/work/b")).toBe("old");
  home.queue.bring(["d", "e", "f", "g"].map(brought), true);
  home.queue.stopAll();
  await home.settles("a done", "c done");
  expect([...home.files.keys()]).toEqual(["~/work/b", "~/work/a", "~/work/c"]);
});
