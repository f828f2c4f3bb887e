/**
 * Guise really started, on the simulated engine: a real receiver and a real mail server are told what people wait for, whenever Guise dies.
 * Slow: who waited for half a minute is told, and not sooner.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { LONG_WAIT, webhookBodySchema } from "@guise/contract";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPortal } from "#setup";
import { beginCommand } from "./support/command.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const KEY = Buffer.alloc(32, 7);
const LARGE = {
  required_applications: ["git"],
  resource_requirements: { cpu: "1", ram: "10Gi", storage: "64Mi", network_bandwidth: "10Mbit" },
};

let folder: string;
let port: number;
let daemon: ChildProcess;
let said = "";
/** What the receiver was sent; the first it never answers. */
const hooks: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
const mails: { readonly to: readonly string[]; readonly text: string }[] = [];
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    hooks.push({ headers: request.headers, body });
    if (hooks.length > 1) response.writeHead(204).end();
  });
});
const smtp = new SMTPServer({
  ...{ logger: false, authOptional: true, disabledCommands: ["AUTH", "STARTTLS"] },
  onData: (stream, { envelope }, done) =>
    void text(stream).then((mail) => {
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), text: mail });
      done();
    }),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "guise-notices-"));
  writeFileSync(join(folder, "secret"), `whsec_${KEY.toString("base64")}\n`, { mode: 0o600 });
  await buildPortal(ROOT, () => {});
  const taken = createTcp().listen(0, "127.0.0.1");
  await once(taken, "listening");
  port = (taken.address() as AddressInfo).port;
  taken.close();
  for (const server of [receiver, smtp]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await start();
});
afterAll(async () => {
  await kill();
  receiver.closeAllConnections();
  receiver.close();
  smtp.close(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  daemon = spawn(process.execPath, [join(ROOT, "daemon", "start.ts"), "--yes", "--no-samples", "--no-link"], {
    env: {
      ...process.env,
      ...{
        GUISE_ENGINE: "memory",
        GUISE_HOME: join(folder, "home"),
        GUISE_PORT: String(port),
        GUISE_CREDENTIALS: join(folder, "owner.json"),
      },
      ...{ GUISE_WEBHOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, GUISE_WEBHOOK_PRIVATE: "yes" },
      GUISE_WEBHOOK_SECRET: `file:${join(folder, "secret")}`,
      ...{ GUISE_MAIL_SERVER: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`, GUISE_MAIL_FROM: "guise@example.org" },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  for (const stream of [daemon.stdout, daemon.stderr])
    stream?.on("data", (data) => {
      said += data;
      if (String(said).includes("Guise is up at")) resolve();
    });
  daemon.once("exit", (code) => reject(new Error(`Guise ended with ${code}: ${said}`)));
  await promise;
  said = "";
}

async function kill(): Promise<void> {
  daemon.kill("SIGKILL");
  if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, "exit");
}

async function guise(...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await beginCommand(args, join(folder, "owner.json")).ended;
  expect([exit, exit === 0 ? "" : stderr]).toEqual([0, ""]);
  return stdout;
}

test("who waited is told by a webhook and by mail; where Guise dies meanwhile, again and under the same id", async () => {
  const [{ account = "" } = {}] = JSON.parse(await guise("admin", "account", "list", "--json")) as { account: string }[];
  await guise("admin", "account", "set", account, "--email", "owner@example.com");
  for (const persona of ["first", "second"]) {
    const file = join(folder, `${persona}.json`);
    writeFileSync(file, JSON.stringify({ persona_id: persona, persona_name: `The ${persona}`, ...LARGE }));
    await guise("persona", "publish", file, "--group", "engineering");
  }
  await guise("request", "first", "--no-launch");
  const asked = Date.now();
  const waiting = beginCommand(["request", "second", "--no-launch"], join(folder, "owner.json"));
  await waiting.saw("place 1");
  await expect.poll(() => Date.now() - asked, { timeout: LONG_WAIT + 10_000 }).toBeGreaterThan(LONG_WAIT + 1_000);
  await guise("release", "first");
  expect((await waiting.ended).exit).toBe(0);

  await expect.poll(() => hooks.length, { timeout: 30_000 }).toBe(1);
  await kill();
  await start();
  await expect.poll(() => [hooks.length, mails.length > 0], { timeout: 30_000 }).toEqual([2, true]);
  const [before, { headers, body } = { headers: {}, body: "" }] = hooks;
  expect(headers["webhook-id"]).toBe(before?.headers["webhook-id"]);
  const signed = createHmac("sha256", KEY).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${signed}`);
  const { type, data } = webhookBodySchema.parse(JSON.parse(body));
  expect([type, data.title, data.owner]).toEqual(["workspace.ready", "The second is ready", account]);
  expect(data.message).toMatch(/^It took \d+ s\.$/);
  const [mail] = mails;
  expect(mail?.to).toEqual(["owner@example.com"]);
  // Long lines are parted as quoted-printable has it.
  expect(mail?.text.replaceAll("=\r\n", "")).toContain(`${new URL(data.link).pathname}`);
  // A secret is in no output, nor in what is told.
  expect(said + body + (mail?.text ?? "")).not.toContain(KEY.toString("base64"));
});
