import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ProgramConnections } from "./program-connections.ts";

test("all connections of a container are cut, and no other's; one that closed by itself is forgotten", async () => {
  const connections = new ProgramConnections();
  const [one, two, other] = [new PassThrough(), new PassThrough(), new PassThrough()];
  connections.add("mine", one);
  connections.add("mine", two);
  connections.add("theirs", other);
  one.destroy();
  await once(one, "close");
  connections.cut("mine");
  connections.cut("unknown");
  expect([two.destroyed, other.destroyed]).toEqual([true, false]);
  await once(two, "close");
  const again = new PassThrough();
  connections.add("mine", again);
  connections.cut("mine");
  expect(again.destroyed).toBe(true);
});
