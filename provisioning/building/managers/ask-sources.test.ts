import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ASK_SOURCES } from "./ask-sources.ts";

/** An index that lets a token in and has what is told here. */
const server = createServer((request, answer) => {
  const status = request.headers.authorization !== "Bearer t0ken" ? 401 : has.includes(request.url ?? "") ? 200 : 404;
  if (request.url === "/moved/") answer.writeHead(302, { location: elsewhere }).end();
  else answer.writeHead(status).end();
});
let has: string[] = [];
let elsewhere = "";
let folder: string;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-ask-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function ask(manager: string, names: readonly string[], indexes: readonly object[]) {
  await writeFile(join(folder, "indexes"), JSON.stringify(indexes));
  const script = `${ASK_SOURCES}\nin_sources ${manager} <<'ASKED'\n${names.map((name) => `${name}==1\t${name}`).join("\n")}\nASKED`;
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    env: { PATH: "/usr/bin:/bin", B: folder, F: folder },
  });
  return { elsewhere: stdout.split("\n").filter((line) => line !== ""), nowhere: await readFile(join(folder, "nowhere"), "utf8") };
}
const index = (over: object) => ({ source: "acme", url, scopes: [], authorization: "Bearer t0ken", ...over });

test("what a Python index has is asked of nobody else, by its plain name; the rest goes on to the mirror", async () => {
  has = ["/acme-tools/"];
  expect(await ask("pip", ["Acme_Tools", "polars"], [index({ manager: "pip" })])).toEqual({
    elsewhere: ["polars==1\tpolars"],
    nowhere: "",
  });
});

test("a scope comes from its registry alone, and everything from one that takes the mirror's place", async () => {
  has = ["/@acme%2fhello"];
  const scoped = index({ manager: "npm", scopes: ["@acme"] });
  expect(await ask("npm", ["@acme/hello", "@acme/none", "vite"], [scoped])).toEqual({
    elsewhere: ["vite==1\tvite"],
    nowhere: "missing\t@acme/none==1\n",
  });
  expect(await ask("npm", ["vite"], [index({ manager: "npm" })])).toEqual({ elsewhere: [], nowhere: "missing\tvite==1\n" });
});

test("other managers' indexes are not asked", async () => {
  expect((await ask("pip", ["polars"], [index({ manager: "npm" })])).elsewhere).toEqual(["polars==1\tpolars"]);
});

test("what opens an index is not told to whoever it sends elsewhere", async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, answer) => {
    seen.push(request.headers.authorization);
    answer.end();
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  has = [];
  expect(await ask("pip", ["moved"], [index({ manager: "pip" })])).toEqual({ elsewhere: [], nowhere: "" });
  expect(seen).toEqual([undefined]);
  await new Promise((resolve) => other.close(resolve));
});

test("one that lets nobody in, or is not there, is named, and nothing is taken for missing", async () => {
  const closed = index({ manager: "pip", authorization: "Bearer other" });
  await expect(ask("pip", ["polars"], [closed])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("the package source acme does not let Guise in"),
  });
  const gone = index({ manager: "pip", url: "http://127.0.0.1:1" });
  await expect(ask("pip", ["polars"], [gone])).rejects.toMatchObject({
    stderr: expect.stringContaining("the package source acme does not answer"),
  });
});
