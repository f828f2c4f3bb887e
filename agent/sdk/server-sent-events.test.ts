import { expect, test } from "vitest";
import { eventStreamReader } from "./server-sent-events.ts";

const TEXT = ': hello\nretry: 1000\n\nid: w.1\nevent: state\ndata: {"a":\ndata: 1}\n\nevent: log\r\ndata:x\r\n\r\n';

test.each([1, 2, 3, 7, 1000])("events are whole whatever the pieces (%i characters)", (size) => {
  const read = eventStreamReader();
  const events = Array.from({ length: Math.ceil(TEXT.length / size) }, (_, index) =>
    read(TEXT.slice(index * size, (index + 1) * size)),
  ).flat();
  expect(events.map(({ event, data }) => [event, data])).toEqual([
    ["state", '{"a":\n1}'],
    ["log", "x"],
  ]);
  expect(events[0]?.id).toBe("w.1");
});

test("a line without end is given up", () => {
  const read = eventStreamReader();
  expect(() => {
    for (let index = 0; index < 10; index++) read("x".repeat(1024 * 1024));
  }).toThrow(RangeError);
});
