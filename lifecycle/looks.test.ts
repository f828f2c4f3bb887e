import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { Looks } from "./looks.ts";

test("who does not answer holds up nobody, and is asked again only when it has answered", async () => {
  const clock = new ManualClock();
  const looks = new Looks(clock);
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const asked: string[] = [];
  const round = async () => {
    asked.length = 0;
    const seen: string[] = [];
    const over = looks.round([{ id: "hanging" }, { id: "sound" }], async ({ id }) => {
      asked.push(id);
      if (id === "hanging") await answer;
      seen.push(id);
    });
    await new Promise(setImmediate);
    clock.advance(3_000);
    await over;
    return { asked: [...asked], seen };
  };
  expect(await round()).toEqual({ asked: ["hanging", "sound"], seen: ["sound"] });
  expect(await round()).toEqual({ asked: ["sound"], seen: ["sound"] });
  resolve();
  await answer;
  await new Promise(setImmediate);
  expect(await round()).toEqual({ asked: ["hanging", "sound"], seen: ["sound", "hanging"] });
});
