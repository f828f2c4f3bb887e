import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { firstWords, generateChannelKeys } from "./channel-keys.ts";

test("every pair parses", () => {
  for (let i = 0; i < 600; i++) {
    const { host, client } = generateChannelKeys();
    for (const key of [host.private, host.public, client.private, client.public])
      expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
  }
});

test("a channel delivers the key that may sign in, the server's key, and a layer", () => {
  const keys = generateChannelKeys();
  const [client, ...host] = String(firstWords(keys, Buffer.from("layer"))).split("\n");
  expect(client).toBe(keys.client.public);
  expect(host.join("\n")).toBe(`${keys.host.private.trim()}\n5\nlayer`);
  expect(host.at(-3)).toBe("-----END OPENSSH PRIVATE KEY-----");
  expect(String(firstWords(keys))).toMatch(/-----\n0\n$/);
});
