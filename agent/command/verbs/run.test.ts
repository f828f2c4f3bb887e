import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { EXIT_CODES, LEFT_OUT_RECORD } from "@guise/contract";
import { type Headers, pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../../testing/fake-broker.ts";
import { fakeTerminal } from "../../testing/terminal.ts";
import { problem, receipt } from "../../testing/views.ts";
import { writeCredentials } from "../credentials.ts";
import { runGuise } from "../program.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
const FILES = `/v1/workspaces/${ID}/files`;
let broker: FakeBroker;
let home: string;
let exit: number | undefined;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-run-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
  exit = 0;
  broker.handlers.set(`GET ${FILES}/stat`, ({ path }, response) => {
    const entries = path.includes("list=true") ? [{ name: "a" }] : undefined;
    json(response, 200, { name: "out", kind: "folder", bytes: 0, mode: 0o755, modified: "", entries });
  });
  broker.handlers.set(`POST /v1/workspaces/${ID}/release`, (_, response) => {
    json(response, 202, broker.workspaces.get(ID));
    broker.move(ID, { state: "released", receipt: receipt(ID) });
  });
  broker.onSocket = (socket) =>
    socket.on("message", (data, isBinary) => {
      const message = isBinary ? {} : JSON.parse(String(data));
      if (message.kind !== "start") return;
      // making the folder for results is no work of the person's
      const code = message.command[0] === "mkdir" ? 0 : exit;
      if (code === undefined) return socket.terminate();
      socket.send('{"kind":"started"}');
      socket.send(JSON.stringify({ kind: "exit", exit: code }));
    });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

type Entry = Headers & { content?: string; pax?: Record<string, string> };
const PRECIOUS: Entry = { name: "a", content: "precious" };

async function leaving(...entries: Entry[]): Promise<void> {
  const tar = pack();
  for (const { content = "", ...header } of entries) tar.entry(header, content);
  tar.finalize();
  const archive = await buffer(tar);
  broker.handlers.set(`GET ${FILES}`, (_, response) => response.end(archive));
}

function report(...entries: { path: string; reason: string }[]): Entry {
  return { name: "left-out.txt", pax: { [LEFT_OUT_RECORD]: JSON.stringify({ entries, more: false, said: [] }) } };
}

async function run(...options: string[]) {
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home });
  const running = runGuise(["run", "data-analyst", "-o", "r", ...options, "--", "make"], terminal.context);
  void untilAsked().then(() => broker.move(ID, { state: "ready" }));
  const code = await running;
  const isReleased = broker.seen.some(({ path }) => path.startsWith(`/v1/workspaces/${ID}/release`));
  return { code, isReleased, err: terminal.err() };
}

/** The command's connection ends without a goodbye. */
async function cut(): Promise<void> {
  exit = undefined;
}

async function untilAsked(): Promise<void> {
  await expect.poll(() => broker.listeners, { interval: 5 }).toBe(1);
}

test("what was left is fetched, the workspace given back, and the command's code passed through", async () => {
  await leaving(PRECIOUS);
  exit = 3;
  expect(await run()).toMatchObject({ code: 3, isReleased: true });
  expect(await readFile(join(home, "r", "a"), "utf8")).toBe("precious");
});

test.each<[string, Entry, RegExp]>([
  [
    "a file that its owner may not read",
    report({ path: "u", reason: "unreadable_file" }),
    /left out u: it is a file.*chmod -R u\+rwX out/s,
  ],
  ["a link to elsewhere in the home", { name: "l", type: "symlink", linkname: "../work/report" }, /left out l: it is a link/],
  ["a link into /tmp", { name: "l", type: "symlink", linkname: "/tmp/report" }, /left out l: it is a link/],
])("%s does not lose the rest, and keeps the workspace", async (_, entry, said) => {
  await leaving(PRECIOUS, entry);
  const { code, isReleased, err } = await run();
  expect({ code, isReleased }).toEqual({ code: EXIT_CODES.partly, isReleased: false });
  expect(err).toMatch(said);
  expect(err).toContain(`guise cp ${ID}:out/. r`);
  expect(err).toContain(`guise release ${ID} --with-home`);
  expect(await readFile(join(home, "r", "a"), "utf8")).toBe("precious");
});

test.each<[string, Entry]>([
  ["a socket", report({ path: "s", reason: "socket" })],
  ["a pipe", { name: "p", type: "fifo" }],
  ["a link into the image", { name: "l", type: "symlink", linkname: "/usr/bin/python3" }],
  ["a link about in the folder", { name: "b/l", type: "symlink", linkname: "../c/../a" }],
])("%s holds nothing that could be lost: it is named, and the workspace given back", async (_, entry) => {
  await leaving(PRECIOUS, entry);
  const { code, isReleased, err } = await run();
  expect({ code, isReleased }).toEqual({ code: 0, isReleased: true });
  expect(err).toContain("left out ");
});

test.each<[string, () => Promise<void>, string]>([
  [
    "an archive that breaks off",
    async () => void broker.handlers.set(`GET ${FILES}`, (_, response) => response.end(Buffer.alloc(100))),
    "10Gi",
  ],
  ["more than the limit", () => leaving(PRECIOUS), "4"],
  [
    "a refusal",
    async () => void broker.handlers.set(`GET ${FILES}`, (_, response) => problem(response, "workspace_not_ready", "no")),
    "10Gi",
  ],
  ["a connection that is lost while the command runs", cut, "10Gi"],
])("%s keeps the workspace", async (_, arrange, limit) => {
  await arrange();
  const { code, isReleased, err } = await run("--limit", limit);
  expect({ code, isReleased }).toEqual({ code: EXIT_CODES.partly, isReleased: false });
  expect(err).toMatch(/^error: .*kept the workspace w-a+/ms);
});

test("before the command has begun there is nothing to keep", async () => {
  await leaving(PRECIOUS);
  expect(await run("-i", "absent")).toMatchObject({ code: EXIT_CODES.usage, isReleased: true });
});

test("a target that could not be written is told before anything is asked for", async () => {
  await writeFile(join(home, "r"), "");
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home });
  expect(await runGuise(["run", "data-analyst", "-o", "r", "--", "make"], terminal.context)).toBe(EXIT_CODES.usage);
  expect(broker.seen.filter(({ path }) => path.startsWith("/v1/workspaces"))).toEqual([]);
  expect(await readdir(home)).toEqual(["credentials.json", "r"]);
});
