import { afterEach, beforeEach, expect, test } from "vitest";
import { LoopWorld } from "./support/loop-world.ts";
import { registerSales } from "./support/simulated-database.ts";

/** Roles in a database, given to starts and taken at their ends; in simulated time. */
let world: LoopWorld;

beforeEach(async () => {
  world = await LoopWorld.open();
  await registerSales(world.repository);
});
afterEach(() => world.close());

const READS_SALES = [{ source: "sales", access: "read" }] as const;
const state = async (id: string) => (await world.repository.workspace(id))?.state;
const becomes = (id: string, wanted: string) => world.holds(async () => (await state(id)) === wanted);
const made = () => [...world.database.made.keys()];
async function inside(id: string) {
  const row = await world.repository.workspace(id);
  return world.engine.sandboxes.get(`${id}#${row?.generation}`)?.spec;
}

test("a start is given a role of its own and the way there alone; each ends with what runs", async () => {
  const id = await world.request({ dataSources: READS_SALES });
  await becomes(id, "ready");
  const [role] = made();
  expect(world.database.made.get(role ?? "")?.lends).toBe("reader");
  expect((await inside(id))?.network.sources).toEqual([{ cidr: "10.9.8.7/32", protocol: "tcp", port: 5432 }]);
  const row = await world.repository.workspace(id);
  expect(JSON.stringify(row)).not.toContain(role);
  await world.wish(id, "suspended", "suspended_by_person");
  await becomes(id, "suspended");
  expect(made()).toEqual([]);
  await world.wish(id, "ready", "retrying");
  await becomes(id, "ready");
  expect(made()).toHaveLength(1);
  expect(made()).not.toEqual([role]);
  await world.wish(id, "released", "given_back");
  await becomes(id, "released");
  expect([made(), await world.repository.dataAccesses()]).toEqual([[], []]);
  expect((await world.repository.workspace(id))?.receipt?.deleted).toContain("access to sales");
});

test("a database that does not answer holds up no release, and gives back what it had as soon as it does", async () => {
  const id = await world.request({ dataSources: READS_SALES });
  await becomes(id, "ready");
  world.database.answers = false;
  await world.wish(id, "released", "given_back");
  await becomes(id, "released");
  expect((await world.repository.workspace(id))?.message).toContain("its role in sales, which does not answer");
  expect(made()).toHaveLength(1);
  world.database.answers = true;
  await world.holds(async () => made().length === 0 && (await world.repository.dataAccesses()).length === 0);
});

test("a start without the database is tried again, and then says which one it was", async () => {
  world.database.answers = false;
  const id = await world.request({ dataSources: READS_SALES });
  await becomes(id, "failed");
  const row = await world.repository.workspace(id);
  expect(row).toMatchObject({ reason: "source_unavailable" });
  expect(row?.message).toContain('the data source "sales" gave no access');
  world.database.answers = true;
  await world.wish(id, "ready", "retrying");
  await becomes(id, "ready");
});

test("who loses the group, and everybody when the source is removed, loses the way there and the role while it runs", async () => {
  const said: (string | undefined)[] = [];
  const id = await world.request({
    dataSources: READS_SALES,
    listen: ({ kind, message }) => kind === "data_access" && said.push(message),
  });
  await becomes(id, "ready");
  world.database.groups = ["others"];
  await world.holds(async () => (await inside(id))?.network.sources?.length === 0 && made().length === 0);
  expect(await state(id)).toBe("ready");
  expect(said.join()).toContain("is for the group makers");
  expect((await world.repository.auditEntries(0, 100)).map(({ action }) => action)).toContain("take_data_access");

  world.database.groups = ["makers"];
  const other = await world.request({ dataSources: READS_SALES });
  await becomes(other, "ready");
  await world.repository.removeDataSource("sales", world.clock.now(), {
    ...{ at: 0, actor: "op", action: "remove_data_source", target: "sales", outcome: "done" },
  });
  world.keeper.wake();
  await world.holds(async () => (await world.repository.dataSources()).length === 0);
  expect([made(), (await inside(other))?.network.sources]).toEqual([[], []]);
});

test("who may not have it does not start, and a role that nobody knows of is removed", async () => {
  world.database.groups = ["others"];
  const id = await world.request({ dataSources: READS_SALES });
  await becomes(id, "failed");
  expect(await world.repository.workspace(id)).toMatchObject({
    reason: "source_unavailable",
    message: expect.stringContaining("is for the group makers"),
  });
  world.database.made.set("guise_test_aaaaaaaaaaaaaaaa", { lends: "reader", until: 0 });
  world.database.made.set("somebody_else", { lends: "reader", until: 0 });
  await world.restart();
  await world.holds(async () => made().length === 1);
  expect(made()).toEqual(["somebody_else"]);
});

test("what is held for long is renewed before it ends", async () => {
  const id = await world.request({ dataSources: READS_SALES });
  await becomes(id, "ready");
  const [role = ""] = made();
  const until = world.database.made.get(role)?.until ?? 0;
  world.clock.advance(25 * 3600 * 1000);
  await world.holds(async () => (world.database.made.get(role)?.until ?? 0) > until);
});
