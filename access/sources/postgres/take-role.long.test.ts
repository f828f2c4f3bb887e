import { afterAll, beforeAll, expect, test } from "vitest";
import { cutWay } from "./cut-way.fixture.ts";
import { openSourceWorld, type SourceWorld } from "./source-world.fixture.ts";

// Slow: each message of it is cut off once, about forty; half a second each.

let world: SourceWorld;
beforeAll(async () => {
  world = await openSourceWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Somebody is in, and there are things of it: so that no step has nothing to do. */
async function workedWith(role: string): Promise<void> {
  await world.give(role);
  const client = await world.connect(role);
  await client.query("select lo_create(0)");
}

test("wherever it is cut off, it is told so, and taken again it is gone", async () => {
  const cuts: unknown[] = [];
  for (;;) {
    await workedWith("ws_cut");
    const way = await cutWay(world.postgres, cuts.length);
    const first = await world.access.take({ ...world.server, port: way.port }, "ws_cut").catch((error: unknown) => error);
    way.close();
    if (!way.isCut()) {
      expect(first).toBeUndefined();
      break;
    }
    // Cut at its goodbye it has done all.
    expect([cuts.length, first]).toMatchObject([cuts.length, first === undefined ? undefined : { code: "unreachable" }]);
    await world.access.take(world.server, "ws_cut");
    expect([cuts.length, await world.postgres.admin("select from pg_roles where rolname = 'ws_cut'")]).toEqual([cuts.length, []]);
    cuts.push(first);
  }
  expect(cuts.length).toBeGreaterThan(20);
  expect(await world.postgres.admin("select from pg_largeobject_metadata", "sales")).toEqual([]);
});
