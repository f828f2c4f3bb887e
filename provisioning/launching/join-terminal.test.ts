import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { joinTerminal } from "./join-terminal.ts";

const JOIN = { viewer: "ann", size: { columns: 80, rows: 24 } };
const LAUNCH = "l-aaaaaaaaaaaaaaaaaaaa";

/** How a terminal takes a connection and ends it before it says anything. */
const ENDS: readonly (readonly [string, (connection: Duplex) => unknown])[] = [
  ["closes it", (connection) => setImmediate(() => connection.destroy())],
  ["has closed it", (connection) => connection.destroy()],
  ["breaks it off", (connection) => setImmediate(() => connection.destroy(new Error("reset")))],
  // As streams do that are not kept half open.
  [
    "has ended it",
    (connection) => {
      connection.push(null);
      connection.end();
      setImmediate(() => connection.destroy());
    },
  ],
];

/** A channel to such a terminal, with these files left in its folder. */
function endsWhileJoined(files: Readonly<Record<string, string>>, end: (connection: Duplex) => unknown): Channel {
  const forward = async () => {
    const connection = new Duplex({ read() {}, write: (_, __, taken) => taken() });
    end(connection);
    return connection;
  };
  const readFile = async (path: string) => {
    const content = files[path.slice(path.lastIndexOf("/") + 1)];
    if (content === undefined) throw new ProvisioningError("file_not_found", "there is no such file");
    return Buffer.from(content);
  };
  return { forward, readFile } as unknown as Channel;
}

test.each(ENDS)("a program whose terminal takes the connection and %s is heard all the same", async (_, end) => {
  const files = { ended: "0 2\n", output: "no such host\r\n", exit: "2 1\n" };
  const terminal = await joinTerminal(endsWhileJoined(files, end), LAUNCH, JOIN);
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
  await expect(
    joinTerminal(
      endsWhileJoined({}, (connection) => connection.destroy()),
      LAUNCH,
      JOIN,
    ),
  ).rejects.toMatchObject({ code: "launch_failed" });
});
