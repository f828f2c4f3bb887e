import { expect, test } from "vitest";
import { type TransferWay, transferWays } from "./transfer-ways.ts";

const open = (limits?: Parameters<typeof transferWays>[0]) => {
  const ways = transferWays(limits);
  return (Object.keys(ways) as TransferWay[]).filter((way) => ways[way]);
};

test.each([
  [undefined, ["clipboard_in", "clipboard_out", "files_in", "files_out", "streams"]],
  [{ clipboard: "both", file_transfer: "both" }, ["clipboard_in", "clipboard_out", "files_in", "files_out", "streams"]],
  [{ clipboard: "none" }, []],
  [{ clipboard: "in" }, ["clipboard_in", "files_in"]],
  [{ clipboard: "out" }, ["clipboard_out", "files_out"]],
  [{ file_transfer: "none" }, ["clipboard_in", "clipboard_out"]],
  [{ file_transfer: "in" }, ["clipboard_in", "clipboard_out", "files_in"]],
  [{ clipboard: "in", file_transfer: "out" }, ["clipboard_in"]],
  [{ clipboard: "none", file_transfer: "none" }, []],
] as const)("limits of %o leave %o open", (limits, ways) => expect(open(limits)).toEqual(ways));
