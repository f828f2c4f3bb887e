import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { EXIT_CODES, type LaunchView, STREAM } from "@guise/contract";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { type FakeTerminal, fakeTerminal, type TerminalOptions } from "../testing/terminal.ts";
import { problem, receipt, workspaceView } from "../testing/views.ts";
import { writeCredentials } from "./credentials.ts";
import { runGuise } from "./program.ts";

const ID = "w-aaaaaaaaaaaaaaaaaaaa";
let broker: FakeBroker;
let home: string;
let credentialsPath: string;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-command-"));
  credentialsPath = join(home, "config", "credentials.json");
  await writeCredentials(credentialsPath, { broker: broker.url, sign_in: "s", installation: "/srv/guise" });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function guise(
  args: string[],
  options: TerminalOptions = {},
): Promise<{ code: number; out: string; err: string; terminal: FakeTerminal }> {
  const terminal = fakeTerminal({ credentialsPath, cwd: home, ...options });
  const code = await runGuise(args, terminal.context);
  return { code, out: terminal.out(), err: terminal.err(), terminal };
}

function holding(change: Parameters<typeof workspaceView>[0] = {}) {
  broker.workspaces.set(ID, workspaceView({ workspace_id: ID, state: "ready", ...change }));
}

test.each([{}, { tty: true, terminalType: "dumb" }])("persona new asks nothing where nothing can be asked: %o", async (options) => {
  const { code, err } = await guise(["persona", "new"], options);
  expect([code, err]).toEqual([2, expect.stringContaining("there is no terminal here that questions can be asked on")]);
});

test("request sends typed parameters, shows phases with their times, and prints the workspace", async () => {
  broker.handlers.set("GET /v1/personas/data-analyst/versions/latest", (_, response) =>
    json(response, 200, { parameters: { days: { type: "integer" }, region: { type: "string" }, full: { type: "boolean" } } }),
  );
  const running = guise(["request", "data-analyst", "-e", "staging", "-p", "region=1", "-p", "days=7", "-p", "full=true"]);
  // It listens, and has read the present state: what follows is told by events alone.
  await expect.poll(() => broker.seen.some(({ method, path }) => method === "GET" && path === `/v1/workspaces/${ID}`)).toBe(true);
  broker.tell(ID, { kind: "queue", place: 2, message: "needs 4 GiB ram, node-1 has 1 GiB" });
  const ready_in = { low: 60_000, likely: 180_000, high: 480_000 };
  broker.tell(ID, { kind: "queue", place: 1, message: "needs 4 GiB ram, node-1 has 1 GiB", estimate: { ready_in, from: 12 } });
  broker.tell(ID, { kind: "queue", place: 1, message: "needs 4 GiB ram, node-1 has 1 GiB", estimate: { ready_in, from: 13 } });
  broker.move(
    ID,
    { state: "provisioning", phases: [{ phase: "sandbox", took: 12 }] },
    { kind: "phase_finished", phase: "sandbox", took: 12 },
  );
  broker.move(ID, { state: "ready", ready_at: "2026-01-01T00:00:02Z" });
  const { code, out, err } = await running;
  expect(code).toBe(0);
  expect(out).toBe(`${ID}\n`);
  expect(err).toContain("wait place 2: needs 4 GiB ram, node-1 has 1 GiB\n");
  expect(err.match(/wait place 1: needs 4 GiB ram, node-1 has 1 GiB; ready in about 3 min \(1 to 8 min\)\n/g)).toHaveLength(1);
  expect(err.match(/done sandbox +12 ms/g)).toHaveLength(1);
  expect(err).toContain("ready Data Analyst, environment staging, name main in 2 s\n");
  const sent = broker.seen.find(({ method, path }) => method === "POST" && path === "/v1/workspaces");
  expect(JSON.parse(sent?.body ?? "")).toEqual({
    persona_id: "data-analyst",
    environment: "staging",
    parameters: { region: "1", days: 7, full: true },
  });
});

test("request --json prints events one a line and the workspace last", async () => {
  const running = guise(["request", "data-analyst", "--json"]);
  await expect.poll(() => broker.seen.some(({ method, path }) => method === "GET" && path === `/v1/workspaces/${ID}`)).toBe(true);
  broker.move(ID, { state: "provisioning" });
  broker.move(ID, { state: "ready" });
  const lines = (await running).out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ kind, workspace_id }) => kind ?? workspace_id)).toEqual(["state", "state", ID]);
});

test("no room and no wait has its own exit code, with the largest that could be granted", async () => {
  broker.handlers.set("POST /v1/workspaces", (_, response) =>
    problem(response, "insufficient_resources", "needs 64 cpu, node-1 has 2 cpu", { largest: { cpu: 2000, ram: 2 ** 30 } }),
  );
  const { code, err } = await guise(["request", "data-analyst", "--no-wait"]);
  expect(code).toBe(5);
  expect(err.trimEnd().split("\n")).toEqual([
    "error: needs 64 cpu, node-1 has 2 cpu",
    "The resources asked for are not free, or can never be.",
    "The largest that could be granted: 2 cpu, 1 GiB ram",
    "try: wait in the queue, or ask for less",
  ]);
});

test("Ctrl-C ends the wait, not the request", async () => {
  const terminal = fakeTerminal({ credentialsPath });
  const running = runGuise(["request", "data-analyst"], terminal.context);
  await expect.poll(() => broker.listeners).toBe(1);
  terminal.interrupt();
  expect(await running).toBe(130);
  expect(terminal.err()).toContain("the request goes on");
  expect(broker.seen.some(({ path }) => path.endsWith("/release"))).toBe(false);
});

test("ps shows a table without colors in a pipe, with colors on a terminal, and never a stranger's escape", async () => {
  holding({ persona_id: "data-analyst", state: "queued", place: 3, message: "needs\u001b]0;evil\u0007 \u202eram" });
  const piped = await guise(["ps"], { color: true });
  expect(piped.out).toMatch(/^PERSONA +ENVIRONMENT +NAME +STATE +FOR +WORKSPACE +NOTE\ndata-analyst +production +main +queued/);
  expect(piped.out).toContain("place 3: needs]0;evil ram");
  expect(piped.out).not.toContain("\u001b");
  expect((await guise(["ps"], { tty: true, color: true })).out).toContain("\u001b[33mqueued");
  expect((await guise(["ps"], { tty: true })).out).not.toContain("\u001b");
  const parsed = await guise(["ps", "--json"]);
  for (const hidden of ["\u001b", "\u202e"]) expect(parsed.out).not.toContain(hidden);
  expect(JSON.parse(parsed.out)[0].message).toBe("needs\u001b]0;evil\u0007 \u202eram");
});

test("ps and why say when what waits is expected to be ready, and why what that rests on", async () => {
  const estimate = { ready_in: { low: 60_000, likely: 180_000, high: 480_000 }, from: 12 };
  holding({ state: "queued", place: 1, message: "needs 1 GiB ram", estimate });
  expect((await guise(["ps"])).out).toContain("place 1: needs 1 GiB ram; ready in about 3 min (1 to 8 min)\n");
  expect((await guise(["why", ID])).out).toContain("ready in     about 3 min (1 to 8 min), judged by 12 earlier runs\n");
});

test("ps, why and usage say which limits were hit, when, and what helps", async () => {
  const limit = { limit: "memory", at: new Date().toISOString(), count: 2, program: "python3" } as const;
  const note = {
    ...limit,
    message: "python3 used more than the 256 MiB ram of this workspace",
    remedy: `try: guise resize ${ID} --ram 512Mi`,
  };
  holding({ state: "ready", limits_hit: [note, { ...note, limit: "processes", message: "too many" }] });
  const used = {
    workspace_id: ID,
    totals: { cpu_time: 0, received: 0, sent: 0 },
    applications: [],
    series: [],
    ram_most: 2 ** 28,
    limits_hit: [note],
  };
  broker.handlers.set(`GET /v1/workspaces/${ID}/usage`, (_, response) => json(response, 200, used));
  expect((await guise(["ps"])).out).toMatch(/python3 killed at \d\d:\d\d:\d\d for want of ram\n/);
  const told =
    /killed: python3 used more than the 256 MiB ram of this workspace at [\d:]{8}, the last of 2 within a minute; try: guise resize \S+ --ram 512Mi\n/;
  const why = (await guise(["why", ID])).out;
  expect(why).toMatch(told);
  expect(why).toContain("no more processes: too many at ");
  const usage = (await guise(["usage", ID])).out;
  expect(usage).toMatch(told);
  expect(usage).toContain("0 ms of cpu time, 256 MiB ram at most\n");
  broker.handlers.set(`GET /v1/workspaces/${ID}/usage`, (_, response) => json(response, 200, { ...used, limits_hit: undefined }));
  expect((await guise(["usage", ID])).out).toContain("0 B ram at most, 256 MiB with the files that the kernel kept in it\n");
});

test("why names the files that were left, each with its reason", async () => {
  holding({ state: "ready", left_files: [{ path: "~/.gitconfig", reason: "not_mergeable" }] });
  const said = "left         ~/.gitconfig was left as it is: the persona's keys cannot be set without changing something else in it\n";
  expect((await guise(["why", ID])).out).toContain(said);
});

test("several workspaces are told apart by their options, or named as candidates", async () => {
  holding();
  broker.workspaces.set("w-bbbbbbbbbbbbbbbbbbbb", workspaceView({ workspace_id: "w-bbbbbbbbbbbbbbbbbbbb", state: "ready", name: "other" }));
  const unclear = await guise(["why", "data-analyst"]);
  expect(unclear.code).toBe(2);
  expect(unclear.err).toContain("w-bbbbbbbbbbbbbbbbbbbb  --environment production --name other  (ready)");
  expect((await guise(["why", "data-analyst", "-n", "other"])).out).toContain("w-bbbbbbbbbbbbbbbbbbbb");
  expect((await guise(["why", ID])).out).toContain(ID);
  expect((await guise(["why", "nothing"])).code).toBe(4);
});

test("every verb takes the name that ps shows; where that stands for several, they are named with their personas", async () => {
  const other = workspaceView({ workspace_id: "w-bbbbbbbbbbbbbbbbbbbb", state: "ready", name: "trial" });
  holding({ state: "ready" });
  broker.workspaces.set(other.workspace_id, other);
  const link = { link: "http://x/#code=1", expires_at: "2026-01-01T00:00:00Z" };
  broker.handlers.set("GET /v1/personas", (_, response) => json(response, 200, { items: [] }));
  broker.handlers.set("POST /v1/me/sign-in-link", ({ body }, response) =>
    json(response, 200, { ...link, link: `http://x/#code=1 ${body}` }),
  );
  expect((await guise(["why", "trial"])).out).toContain(other.workspace_id);
  expect((await guise(["why", "trial", "-e", "staging"])).code).toBe(4);
  expect((await guise(["open", "trial"])).out).toContain(`{"page":"/workspaces/${other.workspace_id}"}`);
  broker.workspaces.set("w-cccccccccccccccccccc", { ...other, workspace_id: "w-cccccccccccccccccccc", persona_id: "code-reviewer" });
  const unclear = await guise(["why", "trial"]);
  expect(unclear.code).toBe(2);
  expect(unclear.err).toContain("w-bbbbbbbbbbbbbbbbbbbb  data-analyst  --environment production --name trial  (ready)");
  broker.workspaces.delete("w-cccccccccccccccccccc");
  const releasing = guise(["release", "trial"]);
  await expect.poll(() => broker.listeners, { interval: 20 }).toBe(1);
  broker.move(other.workspace_id, { state: "released", receipt: receipt(other.workspace_id) });
  expect((await releasing).out).toContain(other.workspace_id);
  expect((await guise(["why", "trial"])).out).toContain(other.workspace_id);
});

test("open leads to a port of a workspace, by its number or by what its persona calls it, where the portal can show one", async () => {
  holding();
  const me = { principal: "guise:ada", account: "ada", roles: [], groups: [], priority_grant: "normal" };
  const shows = { ...me, applications_origin: "http://*.localhost:7080" };
  broker.handlers.set("GET /v1/me", (_, response) => json(response, 200, shows));
  broker.handlers.set("POST /v1/me/sign-in-link", ({ body }, response) =>
    json(response, 200, { link: `http://x/#code=1 ${body}`, expires_at: "2026-01-01T00:00:00Z" }),
  );
  const ports = [{ port: 5173, name: "Preview" }, { port: 8000 }];
  broker.handlers.set(`GET /v1/workspaces/${ID}/ports`, (_, response) => json(response, 200, { items: ports }));
  const page = (port: number) => `{"page":"/workspaces/${ID}?tab=port-${port}"}`;
  expect((await guise(["open", "data-analyst", "--port", "9000"])).out).toContain(page(9000));
  expect((await guise(["open", ID, "--port", "Preview"])).out).toContain(page(5173));
  const unknown = await guise(["open", ID, "--port", "preview"]);
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("one of 5173 (Preview), 8000")]);
  for (const args of [
    ["--port", "5173"],
    [ID, "--port", "0"],
    [ID, "--port", "65536"],
    [ID, "--name", "other"],
  ])
    expect((await guise(["open", ...args])).code, args.join(" ")).toBe(2);
  broker.handlers.set("GET /v1/me", (_, response) => json(response, 200, me));
  const nowhere = await guise(["open", ID, "--port", "5173"]);
  expect([nowhere.code, nowhere.err]).toEqual([2, expect.stringContaining(`guise forward ${ID} 5173`)]);
});

test("exec passes arguments, output and exit code through", async () => {
  holding();
  const starts: unknown[] = [];
  broker.onSocket = (socket) =>
    socket.on("message", (data, binary) => {
      if (binary || JSON.parse(String(data)).kind !== "start") return;
      starts.push(JSON.parse(String(data)));
      socket.send(Buffer.concat([Buffer.from([STREAM.stdout]), Buffer.from("out\u001b[1m")]));
      socket.send(JSON.stringify({ kind: "exit", exit: 17 }));
    });
  const { code, out } = await guise(["exec", "data-analyst", "--", "psql", "-c", "select 1"]);
  expect([code, out]).toEqual([17, "out\u001b[1m"]);
  expect(starts).toEqual([{ kind: "start", command: ["psql", "-c", "select 1"] }]);
});

test("release prints what was freed, deleted and kept", async () => {
  holding();
  const running = guise(["release", "data-analyst"]);
  await expect.poll(() => broker.listeners).toBe(1);
  broker.move(ID, { state: "released", receipt: { ...receipt(ID), kept: [{ what: "home", bytes: 1024, charged_to: "ada" }] } });
  const { code, out } = await running;
  expect(code).toBe(0);
  expect(out).toBe(
    `given back   data-analyst (${ID}), held for 1 h\nfreed        2 cpu, 4 GiB ram, 10 GiB storage, 50 Mbit/s in, 50 Mbit/s out\n` +
      "deleted      home\nkept         home, 1 KiB, charged to ada\n",
  );
});

test("what an operator stops needs a reason, which is asked for where somebody can answer and named where nobody can", async () => {
  holding();
  const bodies: unknown[] = [];
  broker.handlers.set(`POST /v1/workspaces/${ID}/release`, (seen, response) => {
    bodies.push(JSON.parse(seen.body));
    problem(response, "invalid", "It is somebody else's workspace.", {
      problems: [{ path: "$.reason", code: "missing", message: "say why" }],
    });
  });
  const { code, err } = await guise(["release", ID]);
  expect(code).toBe(2);
  expect(err).toContain("--reason TEXT");
  await guise(["release", ID, "--reason", "it was a test"]);
  expect(bodies).toEqual([{}, { reason: "it was a test" }]);
});

test("cp carries a file and a folder in", async () => {
  holding();
  await mkdir(join(home, "data"));
  await writeFile(join(home, "data", "a.csv"), "1,2");
  const time = new Date("2001-02-03T04:05:06Z");
  await utimes(join(home, "data", "a.csv"), time, time);
  broker.handlers.set(`GET /v1/workspaces/${ID}/files/stat`, (_, response) => problem(response, "file_not_found", "no"));
  broker.handlers.set(`PUT /v1/workspaces/${ID}/files`, (_, response) => response.writeHead(204).end());
  expect((await guise(["cp", "data/a.csv", "data-analyst:work/"])).code).toBe(0);
  expect((await guise(["cp", "data", "data-analyst:work"])).code).toBe(0);
  const puts = broker.seen.filter(({ method }) => method === "PUT");
  expect(puts.map(({ path }) => path.split("?")[1])).toEqual([
    "path=work%2Fa.csv&mode=644&modified=2001-02-03T04%3A05%3A06.000Z",
    "path=work&as=tar",
  ]);
  expect(puts[0]?.body).toBe("1,2");
  expect(puts[1]?.body.slice(512, 517)).toBe("a.csv");
});

test("cp carries a file and a folder out", async () => {
  holding();
  const tar = pack();
  tar.entry({ name: "./", type: "directory" });
  tar.entry({ name: "./r.txt" }, "report");
  tar.entry({ name: "./evil", type: "symlink", linkname: "/etc/passwd" });
  tar.finalize();
  const archive = await buffer(tar);
  const file = (path: string) => !path.includes("as=tar");
  let kind = "file";
  broker.handlers.set(`GET /v1/workspaces/${ID}/files/stat`, (_, response) =>
    json(response, 200, { name: "out", kind, bytes: 3, mode: 420, modified: "2001-02-03T04:05:06Z" }),
  );
  broker.handlers.set(`GET /v1/workspaces/${ID}/files`, ({ path }, response) => response.end(file(path) ? "abc" : archive));
  expect((await guise(["cp", "data-analyst:work/f.txt", "."])).code).toBe(0);
  expect(await readFile(join(home, "f.txt"), "utf8")).toBe("abc");
  expect((await stat(join(home, "f.txt"))).mtime.toISOString()).toBe("2001-02-03T04:05:06.000Z");
  kind = "folder";
  const { code, err } = await guise(["cp", "data-analyst:out", "."]);
  expect(code).toBe(EXIT_CODES.partly);
  expect(await readFile(join(home, "out", "r.txt"), "utf8")).toBe("report");
  expect((await guise(["cp", "data-analyst:out/.", "flat"])).code).toBe(EXIT_CODES.partly);
  expect((await guise(["cp", "data-analyst:out/.", "flat"])).code).toBe(EXIT_CODES.partly);
  expect(await readdir(join(home, "flat"))).toEqual(["r.txt"]);
  expect(err).toContain("left out evil: it is a link that leads out of the folder");
});

test("persona bom prints the document as it is, of the version that is named", async () => {
  const document = { bomFormat: "CycloneDX", specVersion: "1.6", components: [] };
  broker.handlers.set("GET /v1/personas/data-analyst/versions/latest/bom", (_, response) => json(response, 200, document));
  expect(JSON.parse((await guise(["persona", "bom", "data-analyst"])).out)).toEqual(document);
  broker.handlers.set("GET /v1/personas/data-analyst/versions/2/bom", (_, response) => json(response, 200, { ...document, version: 7 }));
  expect(JSON.parse((await guise(["persona", "bom", "data-analyst", "--version", "2"])).out)).toMatchObject({ version: 7 });
  expect((await guise(["persona", "bom", "data-analyst", "--version", "two"])).code).toBe(2);
});

test("admin images: one line per version with bytes alone and shared, and what collecting freed", async () => {
  const version = { persona_id: "data-analyst", version: 3, revision: 1, current: false };
  const image = { image: "g/image:0123456789abcdef", kind: "image", alone: 2 ** 20, shared: 2 ** 21, used_at: "2026-01-01T00:00:00Z" };
  const images = [{ ...image, versions: [version], workspaces: ["w-1", "w-2"], kept: true }];
  broker.handlers.set("GET /v1/images", (_, response) => json(response, 200, { budget: 2 ** 30, taken: 3 * 2 ** 20, images }));
  const { out } = await guise(["admin", "images"]);
  expect(out).toContain("images take 3 MiB of 1 GiB");
  expect(out).toMatch(/data-analyst +3 +1 \(old\) +1 MiB +2 MiB +2026-01-01T00:00:00Z +w-1 and 1 more +0123456789ab/);
  broker.handlers.set("POST /v1/images/collect", (seen, response) =>
    json(response, 200, { removed: ["a", "b"], freed: 2 ** 20, left: 0, ...JSON.parse(seen.body) }),
  );
  expect((await guise(["admin", "images", "collect", "--budget", "2Gi"])).out).toBe("removed 2, freed 1 MiB\nimages take 0 B of 2 GiB\n");
  expect((await guise(["admin", "images", "collect", "--budget", "much"])).code).toBe(2);
});

test("ps and why say how a workspace was used last and when it is suspended, and why every use with its time", async () => {
  const suspends_at = new Date(2026, 0, 1, 14, 5).toISOString();
  const idle = { for: 180, left: 1620, warned: false, why: "-", suspends_at };
  holding({
    idle: {
      ...idle,
      uses: [
        { use: "input", ago: 180 },
        { use: "ready", ago: 3600 },
      ],
    },
  });
  const said = "idle for 3 min (last use: something was typed or sent into it); suspended in 27 min, at 14:05, unless it is used";
  expect((await guise(["ps"])).out).toContain(`${said}\n`);
  const { out } = await guise(["why", ID]);
  expect(out).toContain(`idle         ${said}\n`);
  expect(out).toContain("uses         something was typed or sent into it 3 min ago; it became ready, or Guise was started 1 h ago\n");
  holding({ idle: { ...idle, for: 1620, left: 180, warned: true, uses: [{ use: "output", ago: 1620 }] } });
  expect((await guise(["ps"])).out).toContain("suspended in 3 min, at 14:05, unless it is used, or: guise keep data-analyst\n");
  holding({ idle: { ...idle, for: 0, uses: [{ use: "command", ago: 0 }] } });
  expect((await guise(["ps"])).out).toContain("in use: a command ran that somebody waited for\n");
  holding();
  expect((await guise(["why", ID])).out).toContain("idle         its persona sets no time after which");
});

test("persona refresh says which revision is being built and which is used until then; ps and why say what is outdated", async () => {
  const version = { persona_id: "data-analyst", version: 3, state: "usable", revision: 1, refresh: { state: "building" } };
  broker.handlers.set("POST /v1/personas/data-analyst/versions/latest/refresh", (_, response) => json(response, 202, version));
  broker.handlers.set("POST /v1/personas/refresh", (_, response) => json(response, 202, { items: [version] }));
  const said = "data-analyst version 3: revision 2 is being built; 1 is used until then\n";
  expect((await guise(["persona", "refresh", "data-analyst"])).out).toBe(said);
  expect((await guise(["persona", "refresh", "--all"])).out).toBe(said);
  for (const wrong of [
    ["persona", "refresh"],
    ["persona", "refresh", "data-analyst", "--all"],
    ["persona", "refresh", "--all", "--version", "1"],
  ])
    expect((await guise(wrong)).code, wrong.join(" ")).toBe(2);
  holding({ outdated: { revision: 1, newest: 2 } });
  expect((await guise(["ps"])).out).toContain("outdated: there are fresher packages");
  expect((await guise(["why", "data-analyst"])).out).toContain("it runs on image revision 1; suspended and resumed it gets 2");
});

test("persona validate lists every problem with path, reason and suggestion", async () => {
  await writeFile(join(home, "p.json"), "{}");
  const problems = [
    { path: "$.launch[0]", code: "unknown_name", message: 'there is no application "psqll"', suggestion: "psql" },
    { path: "$.x", code: "unknown_field", message: "is unknown" },
  ];
  broker.handlers.set("POST /v1/personas/validate", (_, response) => json(response, 200, { valid: false, problems }));
  const { code, err } = await guise(["persona", "validate", "p.json"]);
  expect(code).toBe(6);
  expect(err).toContain(
    'error: p.json has 2 problems\n  $.launch[0]: there is no application "psqll" (nearest: psql)\n  $.x: is unknown\ntry: ',
  );
  const asJson = await guise(["persona", "validate", "p.json", "--json"]);
  expect([asJson.code, JSON.parse(asJson.out).problems]).toEqual([6, problems]);
});

test("persona import reads the lists that a list names, but nothing else of this machine, and writes over nothing", async () => {
  await mkdir(join(home, "project", "more"), { recursive: true });
  await writeFile(join(home, "secret.txt"), "secret");
  await writeFile(join(home, "project", "requirements.txt"), "-r more/base.txt\n");
  await writeFile(join(home, "project", "more", "base.txt"), "polars\n");
  await writeFile(join(home, "project", "id_rsa"), "secret");
  const document = `${JSON.stringify({ persona_id: "imported" })}\n`;
  const rows = [{ file: "more/base.txt", line: 1, text: "polars", outcome: "carried", becomes: "pip:polars" }];
  const asked: string[][] = [];
  broker.handlers.set("POST /v1/personas/import", ({ body }, response) => {
    const { files, lists } = JSON.parse(body) as { files: { name: string }[]; lists: string[] };
    expect(lists).toEqual(["requirements.txt"]);
    asked.push(files.map(({ name }) => name).sort());
    json(response, 200, { document, rows, wanted: ["more/base.txt", "../secret.txt", "id_rsa", "/etc/hosts.txt", "absent.txt"] });
  });
  broker.handlers.set("POST /v1/personas/validate", (_, response) => json(response, 200, { valid: true, problems: [] }));
  const { code, out, err } = await guise(["persona", "import", "project/requirements.txt"]);
  expect([code, asked]).toEqual([0, [["requirements.txt"], ["more/base.txt", "requirements.txt"]]]);
  expect(out).toContain("carried  more/base.txt:1  polars  pip:polars");
  expect(out).toContain("written to imported.json");
  expect(err).toContain("1 carried, 0 changed, 0 not carried");
  expect(await readFile(join(home, "imported.json"), "utf8")).toBe(document);
  expect((await guise(["persona", "import", "project/requirements.txt"])).code).toBe(2);
  expect((await guise(["persona", "import", "nowhere.txt"])).code).toBe(2);
  await writeFile(join(home, "project", "package.json"), `{ "a": "${"1".repeat(10 * 2 ** 20)}" }`);
  const tooLarge = await guise(["persona", "import", "project/package.json"]);
  expect([tooLarge.code === 0, tooLarge.err]).toEqual([false, expect.stringContaining("project/package.json is larger than 256 KiB")]);
  broker.handlers.set("POST /v1/personas/import", (_, response) => json(response, 200, { rows, wanted: [] }));
  expect((await guise(["persona", "import", "project/requirements.txt", "-o", "other.json"])).code).not.toBe(0);
});

test("login keeps the sign-in for this person alone", async () => {
  await rm(credentialsPath);
  expect((await guise(["ps"])).code).toBe(3);
  expect((await guise(["login"])).code).toBe(2);
  const { code, out } = await guise(["login", "--broker", broker.url, "--code", "c"]);
  expect([code, out]).toEqual([0, "signed in as ada (user)\n"]);
  expect((await stat(credentialsPath)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(credentialsPath, "utf8"))).toEqual({ broker: broker.url, sign_in: "sign-in-2" });
});

test("login without a code shows where to allow it, and waits until somebody has", async () => {
  await rm(credentialsPath);
  const page = "http://guise.localhost:7080/device";
  const asked = { verification_uri: page, verification_uri_complete: `${page}?code=BCDF-GHJK`, expires_in: 600, interval: 0.01 };
  broker.handlers.set("POST /v1/device", (_, response) => json(response, 201, { device_code: "d", user_code: "BCDF-GHJK", ...asked }));
  const answers = [{ interval: 0.01 }, { interval: 0.01 }];
  broker.handlers.set("POST /v1/token", (_, response) => {
    const pending = answers.shift();
    if (pending !== undefined) return json(response, 202, pending);
    json(response, 200, { access_token: "token-1", token_type: "Bearer", expires_in: 900, sign_in: "sign-in-3" });
  });
  const { code, out, err } = await guise(["login", "--broker", broker.url]);
  expect([code, out]).toEqual([0, "signed in as ada (user)\n"]);
  expect(err).toContain("Open http://guise.localhost:7080/device?code=BCDF-GHJK\nand allow the code BCDF-GHJK, within 10 minutes.");
  expect(JSON.parse(await readFile(credentialsPath, "utf8"))).toEqual({ broker: broker.url, sign_in: "sign-in-3" });
});

test("up and down run the installation's own set-up", async () => {
  const { terminal } = await guise(["down"]);
  expect(terminal.programs).toEqual([{ program: process.execPath, args: ["/srv/guise/setup/bootstrap.mjs", "down"], cwd: "/srv/guise" }]);
});

test("group add keeps the groups that an account is in", async () => {
  broker.handlers.set("GET /v1/accounts", (_, response) =>
    json(response, 200, { items: [{ account: "bob", roles: ["user"], groups: ["a"], disabled: false }] }),
  );
  broker.handlers.set("PATCH /v1/accounts/bob", ({ body }, response) =>
    json(response, 200, { account: "bob", roles: ["user"], disabled: false, ...JSON.parse(body) }),
  );
  expect((await guise(["admin", "group", "add", "b", "bob"])).out).toBe("bob is in a, b\n");
});

function launchable(kind: LaunchView["kind"], state: LaunchView["state"]): LaunchView {
  const launch = { launch_id: "l-1", workspace_id: ID, application: "it", kind, state, started_at: "" };
  holding({ applications: [{ application: "it", name: "It", kind }] });
  broker.handlers.set(`POST /v1/workspaces/${ID}/launches`, (_, response) => json(response, 201, launch));
  return launch;
}

test("launch --json of a command runs it to its end, without a terminal, and prints one document with what it said", async () => {
  const launch = launchable("command", "starting");
  broker.onSocket = (socket) =>
    socket.on("message", () => {
      socket.send(JSON.stringify({ kind: "started" }));
      socket.send(Buffer.concat([Buffer.from([STREAM.stdout]), Buffer.from("version 2.39\n")]));
      socket.send(Buffer.concat([Buffer.from([STREAM.stderr]), Buffer.from("a hint\n")]));
      socket.send(JSON.stringify({ kind: "exit", exit: 3 }));
    });
  const { code, out, err } = await guise(["launch", "data-analyst", "it", "--json", "--", "--version"]);
  expect(JSON.parse(out)).toEqual({ ...launch, state: "exited", exit: 3, stdout: "version 2.39\n", stderr: "a hint\n" });
  expect([code, err]).toEqual([3, ""]);
  const asked = broker.seen.find(({ method, path }) => method === "POST" && path.endsWith("/launches"));
  expect(JSON.parse(asked?.body ?? "")).toMatchObject({ application: "it", arguments: ["--version"] });
});

test.each(["terminal", "web"] as const)("launch --json of a %s application prints the launch, and opens nothing", async (kind) => {
  const launch = launchable(kind, "running");
  const { code, out } = await guise(["launch", "data-analyst", "it", "--json"]);
  expect([code, JSON.parse(out)]).toEqual([0, launch]);
});

test("a terminal application without a terminal is refused with what to type instead", async () => {
  launchable("terminal", "running");
  const { code, err } = await guise(["launch", "data-analyst", "it"]);
  expect(code).toBe(2);
  expect(err).toContain(`guise exec ${ID} COMMAND`);
});

test("a web application that was launched gets a local link, and Ctrl-C closes it", async () => {
  const launch = {
    launch_id: "l-1",
    workspace_id: ID,
    application: "jupyterlab",
    kind: "web" as const,
    state: "running" as const,
    started_at: "",
    path: "/lab",
  };
  holding({ launches: [launch] });
  const terminal = fakeTerminal({ credentialsPath, tty: true });
  const running = runGuise(["launch", "data-analyst", "jupyterlab"], terminal.context);
  await expect.poll(terminal.out).toContain("/.guise/open#");
  terminal.stdin.write("\n");
  await expect.poll(() => terminal.out().match(/open#/g)?.length).toBe(2);
  terminal.interrupt();
  expect(await running).toBe(0);
  expect(terminal.out()).toMatch(new RegExp(`^jupyterlab {2}http://jupyterlab--${ID}\\.localhost:\\d+/\\.guise/open#[\\w-]{43}\n`));
});

describe("a web application that is held open here", () => {
  const launch: LaunchView = {
    ...{ launch_id: "l-1", workspace_id: ID, application: "it", kind: "web", state: "running", started_at: "" },
  };
  let terminal: FakeTerminal;
  let running: Promise<number>;

  /** Told as the broker tells it, with the launch as it then reads. */
  function launchMoves(change: Partial<LaunchView>) {
    broker.handlers.set(`GET /v1/workspaces/${ID}/launches`, (_, response) => json(response, 200, { items: [{ ...launch, ...change }] }));
    broker.move(ID, { launches: [{ ...launch, ...change }] }, { kind: "launch", launch: "l-1" });
  }

  beforeEach(async () => {
    holding({ launches: [launch] });
    terminal = fakeTerminal({ credentialsPath });
    running = runGuise(["launch", "data-analyst", "it"], terminal.context);
    await expect.poll(() => broker.listeners).toBe(1);
  });

  test("ends with the application, with what that said and its exit code", async () => {
    launchMoves({ state: "exited", exit: 3, said: "no licence" });
    expect(await running).toBe(3);
    expect(terminal.err()).toContain("it ended with 3: no licence\n");
  });

  test("ends with a sentence when the workspace is given back", async () => {
    broker.move(ID, { state: "releasing" }, { message: "stopped by an operator" });
    expect(await running).toBe(1);
    expect(terminal.err()).toContain("the workspace was given back: stopped by an operator\n");
  });

  test("tells that the workspace is about to be paused because nobody uses it, and not that it is used again", async () => {
    const message = "idle for 25 min (last use: somebody acted in a web application); suspended in 5 min unless it is used or kept";
    broker.tell(ID, { kind: "idle", state: "ready", message: "in use again" });
    broker.tell(ID, { kind: "idle", state: "ready", reason: "idle", message });
    await expect.poll(terminal.err).toContain(`this workspace is ${message}: guise keep ${ID}\n`);
    expect(terminal.err()).not.toContain("in use again");
    terminal.interrupt();
    expect(await running).toBe(0);
  });

  test("goes on through a pause, and tells of it", async () => {
    launchMoves({ state: "suspended" });
    broker.move(ID, { state: "suspended" }, { message: "suspended with its home" });
    await expect
      .poll(terminal.err)
      .toContain(`paused: suspended with its home. It goes on at the same address when it is resumed: guise resume ${ID}`);
    launchMoves({ state: "running" });
    broker.move(ID, { state: "ready" });
    await expect.poll(terminal.err).toContain("ready again; what was open is opened again, at the same address");
    terminal.interrupt();
    expect(await running).toBe(0);
  });
});

test.each([
  [["request"]],
  [["nonsense"]],
  [["ps", "--nonsense"]],
  [["cp", "a", "b"]],
  [["request", "x", "--priority", "y"]],
  [["launch", "a", "b", "--port", "99999"]],
])("the command line %j is a usage error in three lines", async (args) => {
  const { code, err, out } = await guise(args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^error: .+\n.+\ntry: .+\n$/);
});

test("help is written for every verb, and is no error", async () => {
  const { code, out } = await guise(["--help"]);
  expect(code).toBe(0);
  for (const verb of ["request", "launch", "shell", "exec", "cp", "ps", "why", "release", "login", "persona", "admin", "up", "down"]) {
    expect(out).toMatch(new RegExp(`^ {2}${verb}\\b`, "m"));
    expect((await guise([verb, "--help"])).out).toContain(`guise ${verb}`);
  }
  expect(out).toContain("5    insufficient resources");
});

test("what may stand at the cursor comes with a tab, and nothing is said where no broker answers", async () => {
  broker.handlers.set("GET /v1/personas", (_, response) =>
    json(response, 200, { items: [{ persona_id: "data-analyst", persona_name: "Data\tAnalyst" }] }),
  );
  expect((await guise(["complete", "--", "request", "d"])).out).toBe("data-analyst\tData Analyst\n");
  expect((await guise(["complete", "--", "cp", ""])).out).toBe(":files\n");
  await broker[Symbol.asyncDispose]();
  expect(await guise(["complete", "--", "request", ""])).toMatchObject({ code: 0, out: "", err: "" });
  broker = await FakeBroker.start();
});

test("no broker is unreachable", async () => {
  await broker[Symbol.asyncDispose]();
  const { code, err } = await guise(["ps"]);
  expect(code).toBe(7);
  expect(err).toMatch(/^error: Guise at http:\/\/127\.0\.0\.1:\d+ does not answer\.\n.+\ntry: look whether Guise runs: guise up\n$/);
  broker = await FakeBroker.start();
});
