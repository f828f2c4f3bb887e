import { expect, test } from "vitest";
import { ThreadShare } from "./thread-share.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Work of so many slices, each a millisecond long. */
function world() {
  let now = 0;
  const done: string[] = [];
  const share = new ThreadShare(() => now, 4);
  const work = (name: string, slices: number) => {
    let left = slices;
    return () => {
      now++;
      done.push(name);
      return --left > 0;
    };
  };
  return { share, done, work };
}

test("little is done at once", () => {
  const { share, done, work } = world();
  share.spend(work("a", 2));
  share.spend(work("b", 1));
  expect(done.join("")).toBe("aab");
});

test("much is done in turns, between which the loop comes to everybody else; who waits comes in turn, newcomers too", async () => {
  const { share, done, work } = world();
  share.spend(work("a", 7));
  expect(done.join("")).toBe("aaaa");
  share.spend(work("b", 3));
  expect(done.join("")).toBe("aaaa");
  await turn();
  expect(done.join("")).toBe("aaaaabab");
  await turn();
  expect(done.join("")).toBe("aaaaababab");
  await turn();
  share.spend(work("c", 1));
  expect(done.at(-1)).toBe("c");
});

test("a slice that takes longer than its turn does not starve the others", async () => {
  let now = 0;
  const done: string[] = [];
  const share = new ThreadShare(() => now, 4);
  const long = (name: string) => () => {
    now += 50;
    return done.push(name) < 6;
  };
  share.spend(long("a"));
  share.spend(long("b"));
  for (let count = 0; count < 6; count++) await turn();
  expect(done.join("")).toMatch(/^aababab/);
});
