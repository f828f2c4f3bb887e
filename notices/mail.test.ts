import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { aNotice } from "./a-notice.fixture.ts";
import { type MailOptions, mail } from "./mail.ts";

let folder: string;
let key: string;
let cert: string;
const ends: (() => void)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-mail-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", keyFile, "-out", certFile, ...subject],
    {
      stdio: "ignore",
    },
  );
  [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Received {
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly to: readonly string[];
  readonly text: string;
}

/** A real server. */
async function server(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const smtp = new SMTPServer({
    ...{ key, cert, logger: false, authOptional: true },
    onAuth: ({ username, password }, _, done) => (password === "open" ? done(null, { user: username }) : done(new Error("no such user"))),
    onData: (stream, { secure, user, envelope }, done) =>
      void text(stream).then((said) => {
        received.push({ secure, user, to: envelope.rcptTo.map(({ address }) => address), text: said });
        done();
      }),
    ...options,
  });
  smtp.on("error", () => {});
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  ends.push(() => smtp.close(() => {}));
  return { port: (smtp.server.address() as AddressInfo).port, received };
}

function teller(change: Partial<MailOptions>) {
  const tell = mail({
    ...{ server: "", password: "open", from: "guise@example.org", isHere: false, authorities: [cert], origin: "https://guise.example.org" },
    addressOf: async () => "ada@example.com",
    within: 5_000,
    ...change,
  });
  return (notice = aNotice({ way: "mail" })) => tell(notice, new AbortController().signal);
}

test.each([
  ["smtps", true],
  ["smtp", false],
])("a person gets a text over TLS, by %s", async (scheme, secure) => {
  const { port, received } = await server({ secure });
  await teller({ server: `${scheme}://guise@localhost:${port}` })();
  const [got] = received;
  expect([got?.secure, got?.user, got?.to]).toEqual([true, "guise", ["ada@example.com"]]);
  expect(got?.text).toMatch(/^Subject: Analyst is ready\r$/m);
  expect(got?.text).toMatch(/^Content-Type: text\/plain/m);
  expect(got?.text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(got?.text).toContain("It took 3 min.\r\n\r\nhttps://guise.example.org/workspaces/w-1\r\n");
});

test("without TLS nothing is said, nor to whom no authority knows", async () => {
  const plain = await server({ disabledCommands: ["STARTTLS"] });
  await expect(teller({ server: `smtp://localhost:${plain.port}` })()).rejects.toMatchObject({ code: "not_now" });
  const unknown = await server();
  await expect(teller({ server: `smtp://localhost:${unknown.port}`, authorities: [] })()).rejects.toMatchObject({ code: "not_now" });
  expect([plain.received, unknown.received]).toEqual([[], []]);
  const here = await server({ disabledCommands: ["STARTTLS"] });
  await teller({ server: `smtp://localhost:${here.port}`, isHere: true })();
  expect(here.received).toHaveLength(1);
});

test("who has no address is told by no mail", async () => {
  const { port, received } = await server();
  await teller({ server: `smtp://localhost:${port}`, addressOf: async () => undefined })();
  expect(received).toEqual([]);
});

test("a name or an address cannot bring further headers or people", async () => {
  const { port, received } = await server();
  const { notice } = aNotice();
  const tell = teller({ server: `smtp://localhost:${port}`, addressOf: async () => "ada@example.com,eve@example.com" });
  await tell(aNotice({ way: "mail", notice: { ...notice, title: "A\r\nBcc: eve@example.com\r\n\r\nhello" } })).catch(() => {});
  expect(received.flatMap(({ to }) => to)).not.toContain("eve@example.com");
  for (const { text: said } of received) expect(said).not.toMatch(/^Bcc:/m);
});

test("what a server refuses for good is not tried again; a password that it does not take may be set right", async () => {
  const refusing = await server({
    onRcptTo: (_, __, done) => done(Object.assign(new Error("no such person"), { responseCode: 550 })),
  });
  await expect(teller({ server: `smtp://localhost:${refusing.port}` })()).rejects.toMatchObject({ code: "never" });
  const busy = await server({ onRcptTo: (_, __, done) => done(Object.assign(new Error("later"), { responseCode: 451 })) });
  await expect(teller({ server: `smtp://localhost:${busy.port}` })()).rejects.toMatchObject({ code: "not_now" });
  const asked = await server();
  const wrong = teller({ server: `smtp://guise@localhost:${asked.port}`, password: "canary-secret" })();
  await expect(wrong).rejects.toMatchObject({ code: "not_now", message: expect.not.stringContaining("canary-secret") });
});
