import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock, silentLog, systemClock } from "#foundation";
import { type ReaderChild, startReader } from "./reader-child.ts";
import type { ReaderAnswer, ReaderQuestion } from "./reader-protocol.ts";
import { SandboxReader } from "./sandbox-reader.ts";

const late = { code: "reading_late" };

/** Asks of a reader what its program gives back: the types are those of the real one. */
function ask(reader: SandboxReader, subject: string, about: string): Promise<unknown> {
  return reader.ask(subject, "homeRoom", about);
}

describe("with a process that hangs in the kernel", () => {
  let folder: string;
  let reader: SandboxReader;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "guise-reader-"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const start = () => startReader(new URL("./hanging-reader.fixture.ts", import.meta.url));
    reader = new SandboxReader({ clock: systemClock, log: silentLog, within: 1_000, start });
  });
  afterEach(() => {
    reader.close();
    rmSync(folder, { recursive: true });
  });

  // A thread that waited itself would never come to its deadline: nobody writes into the pipe.
  test("nobody waits for it: not our thread, and the others no longer than the deadline", async () => {
    expect(await ask(reader, "b", "first")).toBe("first");
    const hanging = ask(reader, "a", join(folder, "pipe"));
    const others = [ask(reader, "b", "second"), ask(reader, "c", "third")];
    await expect(hanging).rejects.toMatchObject(late);
    expect(await Promise.all(others)).toEqual(["second", "third"]);
    await expect(ask(reader, "a", "again so soon")).rejects.toMatchObject(late);
  });
});

/** A reader's process whose answers and end come when the test says so. */
class HeldChild implements ReaderChild {
  readonly asked: ReaderQuestion[] = [];
  readonly slow: boolean;
  killed = false;
  up: () => void = () => {};
  answer: (answer: ReaderAnswer) => void = () => {};
  finish: (how: string) => void = () => {};
  constructor(slow: boolean) {
    this.slow = slow;
  }
  ask(question: ReaderQuestion) {
    this.asked.push(question);
  }
  onUp(listener: () => void) {
    this.up = listener;
    if (!this.slow) listener();
  }
  onAnswer(listener: (answer: ReaderAnswer) => void) {
    this.answer = listener;
  }
  onEnd(listener: (how: string) => void) {
    this.finish = listener;
  }
  end() {}
  kill() {
    this.killed = true;
  }
}

describe("with processes that do as told", () => {
  let clock: ManualClock;
  let children: HeldChild[];
  let reader: SandboxReader;
  let slow: boolean;
  beforeEach(() => {
    clock = new ManualClock();
    children = [];
    slow = false;
    const start = () => {
      const child = new HeldChild(slow);
      children.push(child);
      return child;
    };
    reader = new SandboxReader({ clock, log: silentLog, within: 100, start });
  });
  const newest = () => children.at(-1) as HeldChild;

  test("one question after another; what has gone is said to have gone", async () => {
    const answers = [ask(reader, "a", "1"), ask(reader, "b", "2")];
    expect(newest().asked.length).toBe(1);
    newest().answer({ value: "one" });
    newest().answer({ gone: "it ended" });
    expect(await answers[0]).toBe("one");
    await expect(answers[1]).rejects.toMatchObject({ code: "sandbox_gone" });
    expect(children.length).toBe(1);
  });

  test("a late one is killed and replaced, its answer is nobody's, and whom it waited for is left alone for a minute", async () => {
    const hanging = ask(reader, "a", "1");
    const other = ask(reader, "b", "2");
    clock.advance(100);
    await expect(hanging).rejects.toMatchObject(late);
    expect(children.map(({ killed }) => killed)).toEqual([true, false]);
    children[0]?.answer({ value: "late" });
    newest().answer({ value: "two" });
    expect(await other).toBe("two");
    await expect(ask(reader, "a", "3")).rejects.toMatchObject(late);
    clock.advance(60_000);
    const again = ask(reader, "a", "4");
    newest().answer({ value: "four" });
    expect(await again).toBe("four");
  });

  test("one that starts slowly is waited for, and nobody is blamed for it", async () => {
    slow = true;
    const first = ask(reader, "a", "1");
    clock.advance(5_000);
    newest().up();
    clock.advance(99);
    newest().answer({ value: "one" });
    expect(await first).toBe("one");
    newest().finish("exit 1");
    const never = ask(reader, "a", "2");
    clock.advance(30_000);
    await expect(never).rejects.toMatchObject(late);
    slow = false;
    const after = ask(reader, "a", "3");
    newest().answer({ value: "three" });
    expect(await after).toBe("three");
    expect(children.map(({ killed }) => killed)).toEqual([false, true, false]);
  });

  test("readers that the kernel does not let go are bounded in number, until one has ended", async () => {
    for (const subject of ["a", "b", "c", "d"]) {
      const hanging = ask(reader, subject, "1");
      clock.advance(100);
      await expect(hanging).rejects.toMatchObject(late);
    }
    await expect(ask(reader, "e", "1")).rejects.toMatchObject(late);
    expect(children.length).toBe(4);
    children[0]?.finish("SIGKILL");
    const answer = ask(reader, "e", "2");
    newest().answer({ value: "five" });
    expect(await answer).toBe("five");
    expect(children.length).toBe(5);
  });

  test("one that ends by itself is replaced by the next question; after the close nothing is asked", async () => {
    const first = ask(reader, "a", "1");
    newest().finish("exit 1");
    await expect(first).rejects.toMatchObject(late);
    const second = ask(reader, "a", "2");
    newest().answer({ value: "two" });
    expect(await second).toBe("two");
    const left = [ask(reader, "a", "3"), ask(reader, "b", "4")];
    reader.close();
    for (const one of left) await expect(one).rejects.toMatchObject(late);
    await expect(ask(reader, "a", "5")).rejects.toMatchObject(late);
    expect(children.length).toBe(2);
  });
});
