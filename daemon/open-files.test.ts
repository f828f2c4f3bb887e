import { expect, test } from "vitest";
import { connectionLimits, raiseOpenFiles } from "./open-files.ts";

test.each([
  [Number.POSITIVE_INFINITY, { strangerConnections: 2000, connections: 16_000, streams: 5000 }],
  [65_536, { strangerConnections: 2000, connections: 16_000, streams: 5000 }],
  [20_000, { strangerConnections: 1948, connections: 7795, streams: 5000 }],
  [4096, { strangerConnections: 358, connections: 1433, streams: 1433 }],
  [1024, { strangerConnections: 51, connections: 204, streams: 204 }],
  [256, { strangerConnections: 6, connections: 25, streams: 25 }],
])("with %d open files all connections together leave files for everything else", (files, limits) => {
  expect(connectionLimits(files)).toEqual(limits);
});

test("the limit of this process is read", () => {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | "unlimited" } } };
  const soft = userLimits?.open_files?.soft;
  expect(raiseOpenFiles()).toBeGreaterThanOrEqual(soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft));
});
