import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLog } from "#foundation";
import { ForeignEngine } from "./foreign-engine.ts";

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-foreign-"));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** An engine that says this of itself; what it was asked for. */
async function engineThatSays(info: object): Promise<{ engine: ForeignEngine; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.setHeader("content-type", "application/json");
    answer.end(request.url?.endsWith("/info") ? JSON.stringify(info) : "OK");
  });
  const socketPath = join(folder, "docker.sock");
  server.listen(socketPath);
  await once(server, "listening");
  return { engine: new ForeignEngine({ socketPath, installation: "test", log: silentLog }), asked };
}

test("nobody on the socket: said with what to type", async () => {
  const engine = new ForeignEngine({ socketPath: join(folder, "docker.sock"), installation: "test", log: silentLog });
  for (const verb of [engine.up(), engine.down()])
    await expect(verb).rejects.toMatchObject({ code: "foreign_silent", message: expect.stringContaining("systemctl start docker") });
});

test.each([
  ["another kernel", { KernelVersion: "2.6.32", DockerRootDir: "/", SecurityOptions: [] }],
  ["a folder that is not here", { KernelVersion: release(), DockerRootDir: "/nowhere/docker", SecurityOptions: [] }],
])("an engine with %s is on another machine, and nothing is made there", async (_, info) => {
  const { engine, asked } = await engineThatSays(info);
  await expect(engine.up()).rejects.toMatchObject({ code: "foreign_elsewhere" });
  expect(asked.every((line) => line.startsWith("GET "))).toBe(true);
});
