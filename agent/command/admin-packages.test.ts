import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackageSourceView } from "@guise/contract";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { fakeTerminal } from "../testing/terminal.ts";
import { writeCredentials } from "./credentials.ts";
import { runGuise } from "./program.ts";

const SECRET = "s3cret";
let broker: FakeBroker;
let home: string;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-packages-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
  const view = (body: Partial<PackageSourceView> & { login?: unknown }) => {
    const { login, ...source } = body;
    return { files: [], suites: [], components: [], scopes: [], ...source, has_login: login !== undefined };
  };
  broker.handlers.set("POST /v1/package-sources", (seen, response) => json(response, 201, view(JSON.parse(seen.body))));
  broker.handlers.set("PATCH /v1/package-sources/tools", (seen, response) =>
    json(response, 200, view({ source: "tools", manager: "pip", url: "https://p.example", groups: ["sales"], ...JSON.parse(seen.body) })),
  );
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const terminalOf = (tty = false) => fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home, tty });
async function guise(args: readonly string[], input?: string) {
  const terminal = terminalOf();
  if (input !== undefined) terminal.stdin.end(input);
  const code = await runGuise(["admin", "packages", "source", ...args], terminal.context);
  return { code, out: terminal.out(), err: terminal.err() };
}
const sent = () => JSON.parse(broker.seen.findLast(({ path }) => path.startsWith("/v1/package-sources"))?.body ?? "{}");

test("a source is added with the key of a file and a password that no argument has", async () => {
  await writeFile(join(home, "key.asc"), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n");
  const apt = ["--manager", "apt", "--url", "https://d.example/debian", "--suite", "stable", "--component", "main", "--key", "key.asc"];
  const added = await guise(["add", "tools", ...apt, "--for", "sales", "--for", "labs", "--username", "ada"], `${SECRET}\nrest`);
  expect(added).toMatchObject({ code: 0, out: "tools: apt packages from https://d.example/debian, for sales, labs, with a login\n" });
  expect(added.err).toContain("guise persona refresh");
  expect(sent()).toEqual({
    ...{ source: "tools", manager: "apt", url: "https://d.example/debian", groups: ["sales", "labs"] },
    ...{ suites: ["stable"], components: ["main"], key: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n" },
    login: { username: "ada", password: SECRET },
  });
  await writeFile(join(home, "key.gpg"), Buffer.from([0x99, 0x01, 0x0d]));
  await guise(["add", "tools", ...apt.slice(0, -1), "key.gpg", "--for-everyone"]);
  expect(sent()).toMatchObject({ key: "mQEN", groups: ["*"] });
});

test("at a terminal the token is asked for, and is not shown", async () => {
  const terminal = terminalOf(true);
  const npm = ["--manager", "npm", "--url", "https://n.example", "--scope", "@acme", "--for-everyone", "--token"];
  const adding = runGuise(["admin", "packages", "source", "add", "acme", ...npm], terminal.context);
  await vi.waitFor(() => expect(terminal.err()).toContain("The token"), { interval: 5 });
  terminal.stdin.write(`${SECRET}\r`);
  expect(await adding).toBe(0);
  expect(sent()).toMatchObject({ scopes: ["@acme"], login: { token: SECRET } });
  expect(terminal.out() + terminal.err()).not.toContain(SECRET);
});

test("what was changed is sent, and nothing else", async () => {
  expect((await guise(["set", "tools", "--for", "labs"])).code).toBe(0);
  expect(sent()).toEqual({ groups: ["labs"] });
  await guise(["set", "tools", "--no-login"]);
  expect(sent()).toEqual({ login: null });
  await guise(["set", "tools", "--token"], SECRET);
  expect(sent()).toEqual({ login: { token: SECRET } });
});

test.each([
  [["add", "tools", "--manager", "pip", "--url", "https://p.example"], "--for GROUP"],
  [["add", "tools", "--manager", "conda", "--url", "https://p.example", "--for-everyone"], "apt, pip, npm"],
  [["add", "tools", "--manager", "pip", "--url", "https://p.example", "--for-everyone", "--for", "sales"], "not for both"],
  [["add", "tools", "--manager", "pip", "--url", "https://p.example", "--for-everyone", "--token", "--username", "ada"], "not both"],
  [["add", "tools", "--manager", "apt", "--url", "https://p.example", "--for-everyone", "--key", "none.asc"], "none.asc cannot be read"],
  [["add", "tools", "--manager", "pip", "--url", "https://p.example", "--for-everyone", "--token"], "standard input"],
  [["set", "tools"], "nothing was said that changes"],
])("%j is told what it lacks", async (args, words) => {
  const { code, err } = await guise(args, "");
  expect([code, broker.seen.some(({ path }) => path.startsWith("/v1/package-sources"))]).toEqual([2, false]);
  expect(err).toContain(words);
});
