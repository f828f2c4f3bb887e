import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeBroker, json } from "../testing/fake-broker.ts";
import { fakeTerminal } from "../testing/terminal.ts";
import { writeCredentials } from "./credentials.ts";
import { runGuise } from "./program.ts";

const SECRET = "s3cret";
const VIEW = {
  ...{ source: "sales", kind: "postgres", place: "db.example:5433/sales", writable: true, shipped: false, being_removed: false, held: 2 },
  ...{ roles: { read: "reader", write: "writer" }, referenced_by: ["makers"], received_by: ["*"] },
};
let broker: FakeBroker;
let home: string;

beforeEach(async () => {
  broker = await FakeBroker.start();
  home = await mkdtemp(join(tmpdir(), "guise-sources-"));
  await writeCredentials(join(home, "credentials.json"), { broker: broker.url, sign_in: "s" });
  broker.handlers.set("POST /v1/data-sources", (_seen, response) => json(response, 201, VIEW));
  broker.handlers.set("PATCH /v1/data-sources/sales", (_seen, response) => json(response, 200, VIEW));
  broker.handlers.set("DELETE /v1/data-sources/sales", (_seen, response) => json(response, 202, { ...VIEW, being_removed: true }));
  broker.handlers.set("GET /v1/data-sources", (_seen, response) => json(response, 200, { items: [VIEW] }));
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

async function guise(args: readonly string[], input = "") {
  const terminal = fakeTerminal({ credentialsPath: join(home, "credentials.json"), cwd: home, tty: false });
  terminal.stdin.end(input);
  const code = await runGuise(["admin", "source", ...args], terminal.context);
  return { code, out: terminal.out(), err: terminal.err() };
}
const sent = () => JSON.parse(broker.seen.findLast(({ path }) => path.startsWith("/v1/data-sources"))?.body ?? "{}");

const PLACE = ["--postgres", "db.example:5433/sales", "--read", "reader", "--username", "guise"];

test("a database is registered with a password that no argument has, and whom it is lent to", async () => {
  await writeFile(join(home, "ca.pem"), "-----BEGIN CERTIFICATE-----\n");
  const lent = ["--named-by", "makers", "--for", "sales", "--for", "labs", "--authority", "ca.pem", "--write", "writer"];
  const added = await guise(["add", "sales", ...PLACE, ...lent], `${SECRET}\n`);
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining("sales: postgres db.example:5433/sales, to be read and written") });
  expect(added.err).toContain('"source": "sales"');
  expect(sent()).toEqual({
    ...{ source: "sales", kind: "postgres", host: "db.example", port: 5433, database: "sales", roles: { read: "reader", write: "writer" } },
    ...{ referenced_by: ["makers"], received_by: ["sales", "labs"], authority: "-----BEGIN CERTIFICATE-----\n" },
    login: { username: "guise", password: SECRET },
  });
  await guise(["add", "sales", "--postgres", "[fd00::7]/my db", ...PLACE.slice(2), "--named-by-everyone", "--for-everyone"], SECRET);
  expect(sent()).toMatchObject({ host: "fd00::7", database: "my db", referenced_by: ["*"], received_by: ["*"] });
  expect(sent()).not.toHaveProperty("port");
});

test("what changes is sent, and nothing else", async () => {
  await guise(["set", "sales", "--for", "labs"]);
  expect(sent()).toEqual({ received_by: ["labs"] });
  await guise(["set", "sales", "--no-authority", "--username", "other"], SECRET);
  expect(sent()).toEqual({ authority: null, login: { username: "other", password: SECRET } });
});

test("a database that cannot be lent is told with every reason, and the command fails", async () => {
  const fault = { code: "too_powerful", message: "guise is a superuser", remedy: "make one that is none" };
  const report = { facts: { version: "17.2" }, faults: [fault], notes: ["everybody may connect to postgres"] };
  broker.handlers.set("POST /v1/data-sources/sales/test", (_seen, response) => json(response, 200, report));
  const { code, out } = await guise(["test", "sales"]);
  expect([code, out]).toEqual([
    1,
    "sales cannot be lent as it is\n  guise is a superuser. Try: make one that is none\n  note: everybody may connect to postgres\n  version: 17.2\n",
  ]);
});

test("the list says who may name and who may have each, and a removal how many lose it", async () => {
  expect((await guise(["list"])).out).toMatch(/sales +postgres +db\.example:5433\/sales +read, write +makers +everyone +2/);
  expect((await guise(["remove", "sales"])).out).toBe("sales is removed; 2 workspaces lose it within a minute\n");
});

test.each([
  [["add", "sales", ...PLACE, "--for", "labs"], "--named-by GROUP"],
  [["add", "sales", ...PLACE, "--named-by", "labs"], "--for GROUP"],
  [["add", "sales", ...PLACE, "--named-by", "labs", "--for", "labs", "--for-everyone"], "not for both"],
  [["add", "sales", "--postgres", "db.example", ...PLACE.slice(2), "--named-by", "labs", "--for", "labs"], "HOST:PORT/DATABASE"],
  [["add", "sales", ...PLACE, "--named-by", "labs", "--for", "labs", "--authority", "none.pem"], "none.pem cannot be read"],
  [["add", "sales", ...PLACE, "--named-by", "labs", "--for", "labs"], "standard input"],
  [["set", "sales"], "nothing was said that changes"],
])("%j is told what it lacks", async (args, words) => {
  const { code, err } = await guise(args);
  expect([code, broker.seen.some(({ path }) => path.startsWith("/v1/data-sources"))]).toEqual([2, false]);
  expect(err).toContain(words);
});
