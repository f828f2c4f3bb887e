import { expect, test } from "vitest";
import { LayerWords } from "./layer-words.ts";

test("the end is seen wherever the text is cut, and what was said before is kept", async () => {
  const whole = "~/.a\nfound\npersonal-layer 28\nerror: something of the server\n";
  for (let cut = 0; cut <= whole.length; cut++) {
    const words = new LayerWords();
    words.push(whole.slice(0, cut));
    words.push(whole.slice(cut));
    expect(await words.end).toEqual({ exit: 28, said: "~/.a\nfound\n" });
  }
});

test("nobody fills memory with it, and no end is no end", async () => {
  const words = new LayerWords();
  for (let line = 0; line < 10_000; line++) words.push("xxxxxxxxxxxxxxx\n");
  words.push("personal-layer 0\n");
  expect(await Promise.race([words.end, new Promise((resolve) => setImmediate(resolve, "none"))])).toBe("none");
});
