import { STREAM } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WebSocket } from "ws";
import { type OnOutput, PersonaAgent, type Workspace } from "../sdk/index.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { fakeTerminal } from "../testing/terminal.ts";
import { workspaceView } from "../testing/views.ts";
import { inThisTerminal, throughPipes } from "./terminal-session.ts";
import { openWebSocket } from "./web-socket.ts";

let broker: FakeBroker;
let workspace: Workspace;
/** What the client sent, and the socket to answer on. */
let far: { socket: WebSocket | undefined; control: Record<string, unknown>[]; input: string };

beforeEach(async () => {
  far = { socket: undefined, control: [], input: "" };
  broker = await FakeBroker.start();
  const view = workspaceView({ state: "ready" });
  broker.workspaces.set(view.workspace_id, view);
  const agent = await PersonaAgent.connect({ broker: broker.url, token: "t", openSocket: openWebSocket, patience: 100 });
  workspace = await agent.workspaceById(view.workspace_id);
  broker.onSocket = (socket) => {
    far = { socket, control: [], input: "" };
    socket.on("message", (data: Buffer, binary: boolean) => {
      if (binary) far.input += data.subarray(1);
      else far.control.push(JSON.parse(String(data)));
    });
  };
});
afterEach(() => broker[Symbol.asyncDispose]());

function output(stream: number, text: string) {
  far.socket?.send(Buffer.concat([Buffer.from([stream]), Buffer.from(text)]));
}
function exit(code: number) {
  far.socket?.send(JSON.stringify({ kind: "exit", exit: code }));
}
function notice(message: string) {
  far.socket?.send(JSON.stringify({ kind: "notice", message }));
}
const connected = () => expect.poll(() => far.control.length).toBeGreaterThan(0);

function shell(terminal: ReturnType<typeof fakeTerminal>) {
  return inThisTerminal(terminal.context, (size, ...told) => workspace.execStream({ terminal: size }, ...told));
}

test("a shell gets size, keys and resize, and its bytes come through untouched", async () => {
  const terminal = fakeTerminal({ tty: true });
  const code = shell(terminal);
  await connected();
  expect(far.control[0]).toEqual({ kind: "start", terminal: { columns: 100, rows: 30, type: "xterm-256color" } });
  terminal.stdin.write("ls\r\u0003");
  await expect.poll(() => far.input).toBe("ls\r\u0003");
  terminal.resize(120, 40);
  await expect.poll(() => far.control[1]).toEqual({ kind: "resize", columns: 120, rows: 40 });
  output(STREAM.stdout, "\u001b[38;2;1;2;3mcolor\u001b[0m");
  exit(3);
  expect(await code).toBe(3);
  expect(terminal.out()).toBe("\u001b[38;2;1;2;3mcolor\u001b[0m");
  expect(terminal.rawModes).toEqual([true, false]);
});

test("what concerns the workspace is shown over the screen, with the cursor where it was, and never in the program's output", async () => {
  const terminal = fakeTerminal({ tty: true });
  const code = shell(terminal);
  await connected();
  notice("this workspace is idle for 25 min\u202e");
  output(STREAM.stdout, "drawn");
  exit(0);
  await code;
  expect(terminal.out()).toBe("drawn");
  expect(terminal.err()).toBe("\u0007\u001b7\u001b[1;1H\u001b[0;7m guise: this workspace is idle for 25 min \u001b[0m\u001b8");
});

test("a lost connection leaves the terminal as it was", async () => {
  const terminal = fakeTerminal({ tty: true });
  const code = shell(terminal);
  await connected();
  await expect.poll(() => terminal.stdin.isRaw).toBe(true);
  far.socket?.terminate();
  await expect(code).rejects.toMatchObject({ code: "unreachable" });
  expect(terminal.stdin.isRaw).toBe(false);
  expect(terminal.out()).toContain("\u001b[?1049l");
});

test("the process ending in between leaves the terminal as it was", async () => {
  const terminal = fakeTerminal({ tty: true });
  const code = shell(terminal);
  await connected();
  await expect.poll(() => terminal.stdin.isRaw).toBe(true);
  terminal.endProcess();
  expect(terminal.stdin.isRaw).toBe(false);
  exit(0);
  await code;
});

test("a termination closes the session and restores the terminal", async () => {
  const terminal = fakeTerminal({ tty: true });
  const code = shell(terminal);
  await connected();
  await expect.poll(() => terminal.stdin.isRaw).toBe(true);
  terminal.interrupt();
  expect(await code).toBe(130);
  expect(terminal.stdin.isRaw).toBe(false);
  await expect.poll(() => far.socket?.readyState).toBe(3);
});

test("a refusal keeps the terminal untouched and its code", async () => {
  broker.accepted.add("other");
  const terminal = fakeTerminal({ tty: true });
  await expect(shell(terminal)).rejects.toMatchObject({ code: "not_authenticated" });
  expect(terminal.rawModes).toEqual([]);
});

test("an error inside the stream keeps its code", async () => {
  const code = shell(fakeTerminal({ tty: true }));
  await connected();
  far.socket?.send(JSON.stringify({ kind: "error", code: "workspace_not_ready", message: "it is suspended" }));
  await expect(code).rejects.toMatchObject({ code: "workspace_not_ready", message: "it is suspended" });
});

test("pipes carry input to its end, output and errors apart, and the exit code", async () => {
  const terminal = fakeTerminal();
  const code = throughPipes(terminal.context, (...told) => workspace.execStream({ command: ["cat"] }, ...told));
  await connected();
  expect(far.control[0]).toEqual({ kind: "start", command: ["cat"] });
  terminal.stdin.end("in");
  await expect.poll(() => far.control[1]).toEqual({ kind: "end" });
  expect(far.input).toBe("in");
  output(STREAM.stdout, "out");
  output(STREAM.stderr, "err");
  notice("this workspace is being suspended");
  exit(42);
  expect(await code).toBe(42);
  expect([terminal.out(), terminal.err().replace("err", "")]).toEqual(["out", "guise: this workspace is being suspended\n"]);
});

test.each([
  { through: "pipes", end: "\n" },
  { through: "a terminal", end: "\r\n" },
])("what the kernel killed for want of ram is told on standard error, through $through", async ({ through, end }) => {
  const terminal = fakeTerminal({ tty: through === "a terminal" });
  const bomb = (onOutput: OnOutput) => workspace.execStream({ command: ["bomb"] }, onOutput);
  const code =
    through === "pipes" ? throughPipes(terminal.context, bomb) : inThisTerminal(terminal.context, (_, onOutput) => bomb(onOutput));
  await connected();
  const limit = {
    ...{ limit: "memory", at: new Date(2026, 0, 1, 12, 3, 4).toISOString(), count: 1 },
    ...{ message: "py\u001b[2Jthon3 used more than the 256 MiB ram of this workspace", remedy: "try: guise resize w-1 --ram 512Mi" },
  };
  far.socket?.send(JSON.stringify({ kind: "exit", exit: 137, signal: "KILL", limit }));
  expect(await code).toBe(137);
  const line = "killed: py[2Jthon3 used more than the 256 MiB ram of this workspace at 12:03:04; try: guise resize w-1 --ram 512Mi";
  expect(terminal.err()).toBe(`${line}${end}`);
});

test("the first Ctrl-C goes to the command, the second ends the wait", async () => {
  const terminal = fakeTerminal();
  const code = throughPipes(terminal.context, (...told) => workspace.execStream({ command: ["sleep", "9"] }, ...told));
  await connected();
  await expect.poll(() => terminal.stdin.listenerCount("data")).toBe(1);
  terminal.interrupt();
  await expect.poll(() => far.control[1]).toEqual({ kind: "signal", signal: "INT" });
  terminal.interrupt();
  expect(await code).toBe(130);
});

test("output that nobody takes is not piled up here", async () => {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  let bytes = 0;
  const session = await workspace.execStream({ command: ["yes"] }, (_stream, piece) => {
    bytes += piece.length;
    return taken;
  });
  await connected();
  const flood = Buffer.concat([Buffer.from([STREAM.stdout]), Buffer.alloc(1024 * 1024)]);
  for (let sent = 0; sent < 64; sent++) far.socket?.send(flood);
  await expect.poll(() => far.socket?.bufferedAmount).toBeGreaterThan(32 * 1024 * 1024);
  expect(bytes).toBeLessThan(4 * 1024 * 1024);
  take();
  exit(0);
  await session.exit;
  expect(bytes).toBe(64 * 1024 * 1024);
});
