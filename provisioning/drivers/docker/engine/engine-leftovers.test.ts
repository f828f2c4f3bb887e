import { expect, test } from "vitest";
import { mountsBelow } from "./engine-leftovers.ts";

test("finds mounts at and below a folder, innermost first, and none beside it", () => {
  const mounts = [
    "overlay /g/engine/data/overlay2/x/merged overlay rw 0 0",
    "tmpfs /g/engine tmpfs rw 0 0",
    "tmpfs /g/engine2/data tmpfs rw 0 0",
    "nsfs /g/engine/a\\040b nsfs rw 0 0",
    "",
  ].join("\n");
  expect(mountsBelow(mounts, "/g/engine")).toEqual(["/g/engine/data/overlay2/x/merged", "/g/engine/a b", "/g/engine"]);
});
