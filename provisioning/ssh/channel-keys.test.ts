import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { generateChannelKeys, keyLines } from "./channel-keys.ts";

test("every pair parses", () => {
  for (let i = 0; i < 600; i++) {
    const { host, client } = generateChannelKeys();
    for (const key of [host.private, host.public, client.private, client.public])
      expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
  }
});

test("the first channel delivers the server's key and the key that may sign in, later ones nothing", () => {
  const keys = generateChannelKeys();
  const [host, client, rest] = keyLines(keys, "first").split("\n");
  expect(Buffer.from(host ?? "", "base64").toString()).toBe(keys.host.private);
  expect(client).toBe(keys.client.public);
  expect(rest).toBe("");
  expect(keyLines(keys, "again")).toBe("-\n-\n");
});
