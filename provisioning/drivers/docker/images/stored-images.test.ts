import { expect, test } from "vitest";
import { arrange } from "./stored-images.ts";

const PREFIX = "guise-i/image:";
const image = (Id: string, ParentId: string, Size: number, tag?: string) => ({
  Id,
  ParentId,
  Size,
  Created: 7,
  RepoTags: tag === undefined ? ["<none>:<none>"] : [tag],
});

test("each adds its own bytes to the nearest below that has a name; what lost its name counts with what stands on it", () => {
  const listed = [
    image("base", "", 100, "guise-i/base-main:x"),
    image("a", "base", 130, `${PREFIX}a`),
    image("lost", "a", 150),
    image("b", "lost", 155, `${PREFIX}b`),
    image("c", "a", 131, `${PREFIX}c`),
    image("d", "gone", 140, `${PREFIX}d`),
  ];
  expect(arrange(listed, PREFIX).map(({ reference, standsOn, bytes }) => [reference.slice(-1), standsOn?.slice(-1), bytes])).toEqual([
    ["a", undefined, 30],
    ["b", "a", 25],
    ["c", "a", 1],
    ["d", undefined, 140],
  ]);
});
