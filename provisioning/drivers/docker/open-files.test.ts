import { expect, test } from "vitest";
import { openFilesOf } from "./open-files.ts";

const limits = (hard: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 ${hard}                files\n`;
const [ALL, WITHOUT] = ["CapEff:\t000001ffffffffff\n", "CapEff:\t000001fffeffffff\n"];

test("as many as are wanted, where the engine may raise its own limit or has enough", () => {
  expect([openFilesOf(limits("20000"), ALL), openFilesOf(limits("1048576"), WITHOUT)]).toEqual([65_536, 65_536]);
});

test("else what it has; and what every engine may give where nothing is known", () => {
  expect([openFilesOf(limits("20000"), WITHOUT), openFilesOf("", "")]).toEqual([20_000, 8_192]);
});
