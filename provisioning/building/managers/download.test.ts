import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DOWNLOAD } from "./download.ts";

const LOGIN = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
let folder: string;
let busy = 0;
const heard: (string | undefined)[] = [];
const other = createServer((request, answer) => {
  heard.push(request.headers.authorization);
  answer.end();
});
const mirror = createServer((request, answer) => {
  const path = request.url ?? "";
  if (path === "/moved") answer.writeHead(302, { location: `http://127.0.0.1:${portOf(other)}/` });
  else if (path === "/secret") answer.writeHead(request.headers.authorization === LOGIN ? 200 : 401);
  else if (path === "/busy") answer.writeHead(busy-- > 0 ? 503 : 200);
  else answer.writeHead(path === "/there" ? 200 : 404);
  answer.end();
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-missing-"));
  for (const server of [mirror, other]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  for (const server of [mirror, other]) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** What is said of these paths, each by its own name. */
async function missingOf(paths: readonly string[], { login = "", port = portOf(mirror) } = {}) {
  const lines = paths.map((path) => `${path}==1\thttp://${login}127.0.0.1:${port}/${path}`).join("\n");
  const { stdout } = await promisify(execFile)(
    "bash",
    ["--norc", "-euo", "pipefail", "-c", `${DOWNLOAD}\nmissing_of <<'ASKED'\n${lines}\nASKED`],
    {
      env: { PATH: "/usr/bin:/bin", F: folder },
    },
  );
  expect(await readFile(join(folder, "missing"), "utf8")).toBe(stdout);
  return stdout;
}

test("what is not there is told in the order in which it was asked for", async () => {
  expect(await missingOf(["there", "none", "moved", "gone"])).toBe("missing\tnone==1\nmissing\tgone==1\n");
  expect(await missingOf(["there"])).toBe("");
});

test("a login in the address opens the mirror, and nobody whom it sends elsewhere", async () => {
  heard.length = 0;
  expect(await missingOf(["secret", "moved"], { login: "me:p%40ss@" })).toBe("");
  expect(heard).toEqual([undefined]);
});

test("one that hiccups is asked again; one that does not answer, or lets nobody in, says nothing of what is missing", async () => {
  busy = 1;
  expect(await missingOf(["busy"])).toBe("");
  busy = 2;
  await expect(missingOf(["busy", "none"])).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("it answers 503") });
  await expect(missingOf(["secret"])).rejects.toMatchObject({ stderr: expect.stringContaining("it does not let Guise in") });
  await expect(missingOf(["there"], { port: 1 })).rejects.toMatchObject({
    stderr: expect.stringContaining("the package mirror 127.0.0.1 could not be asked: "),
  });
});
