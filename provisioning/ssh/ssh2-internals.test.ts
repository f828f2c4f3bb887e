import { KeyObject } from "node:crypto";
import { once } from "node:events";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { firstWords, generateChannelKeys } from "./channel-keys.ts";
import { keepKeysReady } from "./ssh2-internals.ts";
import { scriptedServer } from "./test-support/scripted-server.ts";

test("ssh2 encrypts and decrypts with keys that need not be looked at for each packet, in the version that is pinned", async () => {
  const keys = generateChannelKeys();
  const { duplex } = scriptedServer(keys, () => {});
  const client = new ssh2.Client();
  duplex.write(firstWords(keys));
  client.connect({
    sock: duplex,
    username: "user",
    privateKey: keys.client.private,
    algorithms: { cipher: ["aes128-gcm@openssh.com"] },
  });
  keepKeysReady(client);
  await once(client, "ready");
  const protocol = Reflect.get(client, "_protocol") as Record<string, object>;
  expect(Reflect.get(protocol._cipher ?? {}, "_encKey")).toBeInstanceOf(KeyObject);
  expect(Reflect.get(protocol._decipher ?? {}, "_decipherKey")).toBeInstanceOf(KeyObject);
  duplex.destroy();
});
