import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { webhookBodySchema } from "@guise/contract";
import { afterEach, describe, expect, test } from "vitest";
import { ManualClock, systemClock } from "#foundation";
import { aNotice } from "./a-notice.fixture.ts";
import { specialAddress } from "./reachable.ts";
import { signatureOf, signingKey } from "./signature.ts";
import { webhook } from "./webhook.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEY = Buffer.from(SECRET.slice(6), "base64");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A real receiver. */
async function receiver(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((request, response) => void text(request).then((body) => answer(request, response, body)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

function teller(url: string, change: Partial<Parameters<typeof webhook>[0]> = {}) {
  const tell = webhook({
    ...{ url, key: KEY, isPrivate: true, authorities: [], clock: systemClock, origin: "https://guise.example.org" },
    nameOf: (principal) => principal.replace("local#", ""),
    ...change,
  });
  return (signal = new AbortController().signal) => tell(aNotice(), signal);
}

test("the specification's own example has its signature", () => {
  const signed = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1614265330, body: '{"test": 2432232314}' };
  expect(signatureOf(KEY, signed)).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  expect(signingKey(SECRET)).toEqual(KEY);
});

test.each(["", "secret", "whsec_", "whsec_c2hvcnQ=", `whsec_${Buffer.alloc(65).toString("base64")}`, `whsec_${"a".repeat(40)}\n`])(
  "%j is no secret, and what is said of it does not repeat it",
  (secret) => {
    const wrong = signingKey(secret);
    expect(wrong).toEqual(expect.any(String));
    if (secret.length > 6) expect(wrong).not.toContain(secret.slice(6));
  },
);

test("a receiver gets the event, signed, and no header or word that is a secret", async () => {
  let seen: { headers: IncomingMessage["headers"]; body: string; method: string | undefined } | undefined;
  const url = await receiver((request, response, body) => {
    seen = { headers: request.headers, body, method: request.method };
    response.writeHead(204).end();
  });
  await teller(url, { clock: new ManualClock(Date.UTC(2026, 0, 1)) })();
  const { headers, body = "", method } = seen ?? {};
  expect([method, headers?.["content-type"], headers?.["webhook-id"]]).toEqual(["POST", "application/json", "w-1.7.webhook"]);
  expect(headers?.["webhook-timestamp"]).toBe(String(Date.UTC(2026, 0, 1) / 1000));
  const signed = createHmac("sha256", KEY).update(`${headers?.["webhook-id"]}.${headers?.["webhook-timestamp"]}.${body}`);
  expect(headers?.["webhook-signature"]).toBe(`v1,${signed.digest("base64")}`);
  expect(webhookBodySchema.parse(JSON.parse(body))).toMatchObject({
    type: "workspace.ready",
    data: { workspace_id: "w-1", owner: "ada", link: "https://guise.example.org/workspaces/w-1" },
  });
  expect(JSON.stringify(headers)).not.toContain("authorization");
});

describe("a receiver that", () => {
  test.each([
    [500, "not_now"],
    [404, "not_now"],
    [410, "gone"],
  ])("answers %d is told: %s", async (status, code) => {
    const url = await receiver((_, response) => void response.writeHead(status).end());
    await expect(teller(url)()).rejects.toMatchObject({ code, message: `it answered ${status}` });
  });

  test("leads elsewhere is not followed", async () => {
    let followed = false;
    const other = await receiver((_, response) => {
      followed = true;
      response.writeHead(200).end();
    });
    const url = await receiver((_, response) => void response.writeHead(307, { location: other }).end());
    await expect(teller(url)()).rejects.toMatchObject({ code: "not_now", message: "it answered 307" });
    expect(followed).toBe(false);
  });

  test("does not answer is given up in time, and at once when Guise ends", async () => {
    const asked = Promise.withResolvers<void>();
    const url = await receiver(() => asked.resolve());
    await expect(teller(url, { within: 50 })()).rejects.toMatchObject({ code: "not_now", message: "no answer within 0.05 s" });
    const over = new AbortController();
    const telling = teller(url)(over.signal);
    over.abort();
    await expect(telling).rejects.toMatchObject({ code: "not_now" });
  });

  test("answers without an end is not listened to", async () => {
    const url = await receiver((_, response) => {
      response.writeHead(200);
      response.write("x".repeat(100_000));
    });
    await teller(url)();
  });

  test("is not there is told so", async () => {
    await expect(teller("http://127.0.0.1:9/")()).rejects.toMatchObject({
      code: "not_now",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

test.each(["localhost", "127.0.0.1", "[::1]"])("%s is private: nothing is said to it unless that is allowed", async (host) => {
  let asked = false;
  const url = (
    await receiver((_, response) => {
      asked = true;
      response.writeHead(200).end();
    })
  ).replace("127.0.0.1", host);
  await expect(teller(url, { isPrivate: false })()).rejects.toMatchObject({
    code: "not_now",
    message: expect.stringMatching(/an address that is/),
  });
  expect(asked).toBe(false);
});

test.each(["10.1.2.3", "169.254.169.254", "192.168.0.1", "::ffff:10.0.0.1", "fd00:ec2::254", "fe80::1", "100.64.0.1"])(
  "%s is no ordinary address",
  (address) => expect(specialAddress(address)).toEqual(expect.any(String)),
);
test.each(["93.184.216.34", "2606:4700::1111"])("%s is one", (address) => expect(specialAddress(address)).toBeUndefined());
