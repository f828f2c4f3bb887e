import { expect, it } from "vitest";
import { fullnessOf } from "./fullness.ts";

const MIB = 2 ** 20;
const room = (bytes: number, files: number) => ({ bytes: { used: bytes, of: 64 * MIB }, files: { used: files, of: 1000 } });

it.each([
  [room(0, 12), "roomy", "its home is 1 % full: 12 of 1000 files and folders"],
  [room(32 * MIB, 12), "roomy", "its home is 50 % full: 32 MiB of 64 MiB"],
  [room(57.5 * MIB, 12), "roomy", "its home is 89 % full: 57.5 MiB of 64 MiB"],
  [room(58 * MIB, 12), "nearly_full", "its home is 90 % full: 58 MiB of 64 MiB"],
  [room(MIB, 950), "nearly_full", "its home is 95 % full: 950 of 1000 files and folders"],
  [room(64 * MIB - 1000, 12), "full", "its home is full: 64 MiB of 64 MiB; delete something"],
  [room(MIB, 1000), "full", "its home is full: 1000 of 1000 files and folders; delete something"],
] as const)("%j is %s: %s", (given, state, why) => {
  expect(fullnessOf(given)).toEqual({ state, why });
});
