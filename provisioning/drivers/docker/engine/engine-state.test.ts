import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EngineState, readEngineState, writeEngineState } from "./engine-state.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-state-"));
});
afterEach(() => rm(folder, { recursive: true }));

const state: EngineState = { version: 1, installation: "a", subnet: "10.231.0.0/22", gateway: "10.231.0.1", remapBase: 1_900_000_000 };

test("gives back what was written, and leaves no half file beside it", async () => {
  const file = join(folder, "sub", "engine.json");
  expect(await readEngineState(file)).toBeUndefined();
  await writeEngineState(file, state);
  expect(await readEngineState(file)).toEqual(state);
  expect(await readdir(join(folder, "sub"))).toEqual(["engine.json"]);
});

test.each(["", "{", '{"version":2}', JSON.stringify({ ...state, remapBase: "0" })])(
  "a damaged record is never guessed anew: %s",
  async (text) => {
    const file = join(folder, "engine.json");
    await writeFile(file, text);
    await expect(readEngineState(file)).rejects.toMatchObject({ code: "state_damaged" });
  },
);
