import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { joinTerminal } from "./join-terminal.ts";

const JOIN = { viewer: "ann", size: { columns: 80, rows: 24 } };
const LAUNCH = "l-aaaaaaaaaaaaaaaaaaaa";

/** A channel whose terminal takes a connection and closes it before it says anything, with these files left in its folder. */
function endsWhileJoined(files: Readonly<Record<string, string>>): Channel {
  const forward = async () => {
    const connection = new Duplex({ read() {}, write: (_, __, taken) => taken() });
    setImmediate(() => connection.destroy());
    return connection;
  };
  const readFile = async (path: string) => {
    const content = files[path.slice(path.lastIndexOf("/") + 1)];
    if (content === undefined) throw new ProvisioningError("file_not_found", "there is no such file");
    return Buffer.from(content);
  };
  return { forward, readFile } as unknown as Channel;
}

test("a program that ends between the connection and the answer is heard all the same", async () => {
  const terminal = await joinTerminal(endsWhileJoined({ ended: "0 2\n", output: "no such host\r\n", exit: "2 1\n" }), LAUNCH, JOIN);
  const heard: (string | number)[] = [];
  terminal.handle({
    output: (bytes) => void heard.push(Buffer.from(bytes).toString()),
    received() {},
    exited: (code) => void heard.push(code),
    lost: (error) => void heard.push(error.message),
  });
  expect(heard).toEqual(["no such host\r\n", 2]);
});

test("of a terminal that is gone without a word, one says so", async () => {
  await expect(joinTerminal(endsWhileJoined({}), LAUNCH, JOIN)).rejects.toMatchObject({ code: "launch_failed" });
});
