import { afterEach, expect, test } from "vitest";
import { LoopWorld } from "./support/loop-world.ts";

let world: LoopWorld | undefined;
afterEach(() => world?.close());

const LAYERS = [{ application: "jq", manager: "apt" as const, packages: ["jq"] }];

test("a draft is built by whichever Guise is there, runs, and is never what a request gets", async () => {
  world = await LoopWorld.open();
  const draft = await world.publish(LAYERS, { isDraft: true });
  await world.restart();
  world.builds.wake();
  const { repository } = world;
  await world.eventually(async () => expect((await repository.version("tester", draft))?.draft).toEqual({ build: "usable" }));
  expect(await repository.version("tester")).toMatchObject({ version: 1 });
  const id = await world.request({ version: draft, layers: LAYERS });
  await world.until(id, "ready");
  await repository.discardDraft("tester", draft, { at: 1, actor: "ann", action: "discard_draft", target: "tester", outcome: "done" });
  await world.restart();
  await world.until(id, "ready");
  await world.release(id);
  await world.until(id, "released");
  await world.holds(() => world?.nothingIsLeft() ?? false);
});
