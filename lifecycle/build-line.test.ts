import { describe, expect, it } from "vitest";
import type { VersionRow } from "#repository";
import { inLine, placesIn } from "./build-line.ts";

const version = (persona: string, publishedAt: number, more: Partial<VersionRow> = {}) =>
  ({ persona, version: 1, publishedAt, ...more }) as VersionRow;
const size = ({ persona }: VersionRow) => persona.length;
const namesIn = (line: ReturnType<typeof inLine>) => line.map(({ kind, version: { persona } }) => `${kind} ${persona}`);

describe("the line of builds", () => {
  it("is that of publication, whatever their size; of the same moment the smaller comes first", () => {
    const building = [version("small", 3), version("enormous", 1), version("tiny", 2), version("middling", 2)];
    expect(namesIn(inLine(building, [], size))).toEqual(["build enormous", "build tiny", "build middling", "build small"]);
  });

  it("has refreshes behind, in the order in which they were asked for", () => {
    const asked = (epoch: string) => ({ refresh: { epoch } }) as Partial<VersionRow>;
    const refreshing = [version("a", 1, asked("2026-01-02T00:00:00Z")), version("b", 2, asked("2026-01-01T00:00:00Z"))];
    expect(namesIn(inLine([version("c", 9)], refreshing, size))).toEqual(["build c", "refresh b", "refresh a"]);
  });

  it("tells each that waits how many are ahead, and what is being built", () => {
    const line = inLine([version("a", 1), version("b", 2), version("c", 3), version("d", 4)], [], size);
    const [present] = line;
    if (present === undefined) throw new Error("nothing is in line");
    expect(placesIn(line, present).map(({ work, message }) => [work.version.persona, message])).toEqual([
      ["b", "waits for its turn: a version 1 is being built, it is next"],
      ["c", "waits for its turn: a version 1 is being built, 1 more is ahead of it"],
      ["d", "waits for its turn: a version 1 is being built, 2 more are ahead of it"],
    ]);
  });
});
