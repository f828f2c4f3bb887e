import { once } from "node:events";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { CommandContext } from "../context.ts";
import { type Ask, askAtTerminal } from "./ask.ts";

const TAB = "\t";
const ENTER = "\r";
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";

const FRUITS = [
  { value: "a", label: "Apple", hint: "red\u001b[2J" },
  { value: "b", label: "Banana" },
  { value: "c", label: "Cherry" },
];

// Where it is "dumb", arrows and redrawing are none; the command asks nothing there.
beforeAll(() => void vi.stubEnv("TERM", "xterm-256color"));
afterAll(() => void vi.unstubAllEnvs());

/** A person at a terminal, by what is shown and typed. */
class Person {
  readonly ask: Ask;
  readonly #keys = Object.assign(new PassThrough(), { isTTY: true, isRaw: false, setRawMode: () => {} });
  readonly #screen = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
  /** Since the last keys, and since the beginning. */
  shown = "";
  everything = "";

  constructor() {
    this.#screen.setEncoding("utf8").on("data", (text: string) => {
      this.shown += text;
      this.everything += text;
    });
    this.ask = askAtTerminal({ stdin: this.#keys, stdout: this.#screen } as unknown as CommandContext);
  }

  /** Types as soon as the text is there, which is then forgotten. */
  async when(text: string, ...keys: readonly string[]): Promise<void> {
    while (!this.shown.includes(text)) await once(this.#screen, "data");
    this.shown = "";
    for (const key of keys) {
      this.#keys.write(key);
      // A key by itself: what comes at once is taken for something pasted.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

test("a text is asked for until it passes, with what is wrong beside it", async () => {
  const person = new Person();
  const answer = person.ask.text({ question: "How many?", check: (typed) => (/^\d+$/.test(typed) ? undefined : "not a number") });
  await person.when("How many?", "m", ENTER);
  await person.when("not a number", "\u007f", "4", ENTER);
  expect(await answer).toBe("4");
});

test("of many some are chosen by searching, of some one, and a yes is a yes", async () => {
  const person = new Person();
  const many = person.ask.many("Which fruits?", FRUITS, true);
  await person.when("Which fruits?", ..."cher", DOWN, TAB, ENTER);
  expect(await many).toEqual(["c"]);
  expect(person.everything).toContain("red");
  expect(person.everything).not.toContain("\u001b[2J");
  const one = person.ask.one("Which fruit?", FRUITS, "b");
  await person.when("Which fruit?", DOWN, ENTER);
  expect(await one).toBe("c");
  const yes = person.ask.yes("Really?", false);
  await person.when("Really?", "y");
  expect(await yes).toBe(true);
});

test("whoever breaks off is asked nothing more", async () => {
  const person = new Person();
  const answer = person.ask.text({ question: "How many?" });
  answer.catch(() => {});
  await person.when("How many?", "1", CTRL_C);
  await expect(answer).rejects.toMatchObject({ code: "aborted" });
});
