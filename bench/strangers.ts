/**
 * What strangers cost those who are signed in: wrong codes a hundred a second, 20,600 idle connections, and requests without end on ten,
 * from this very machine. How
 * long a signed-in person waits for `/v1/me` over one connection, how long a whole sign-in by a stored sign-in takes over a new one, and how
 * many of them were refused; beside the quiet figure of the same run. Guise, its people and the strangers are processes of their own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "./opened.ts";

/** Ms of each measurement, and between two requests of the person. */
const LASTS = 15_000;
const PAUSE = 60;
const CONNECTIONS = 20_600;
/** A process here may have fewer files open than that. */
const STRANGERS = 3;
/** Wrong codes a second. */
const GUESSES = 100;
/** Connections on which request follows request, no answer being waited for. */
const PIPELINES = 10;
/** Ms at the 99th of a hundred. */
const BAR = 100;

const ATTACKS = { idle: holdIdle, guess, pipeline };
type Attack = keyof typeof ATTACKS;
type Order = { readonly port: number; readonly part: number };

const role = process.argv[2];
if (role === "serve") await serve(String(process.argv[3]));
else if (role !== undefined) process.once("message", (order: Order) => ATTACKS[role as Attack](order));
else await main();

async function serve(home: string): Promise<void> {
  const opened = await open({ GUISE_HOME: home, GUISE_PORT: "7084", GUISE_ENGINE: "memory" });
  process.send?.({ port: 7084, signIn: opened.signIn });
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "guise-bench-strangers-"));
  const served = fork(import.meta.filename, ["serve", home]);
  try {
    const [{ port, signIn }] = (await once(served, "message")) as [{ port: number; signIn: string }];
    await measured("nobody else", port, signIn);
    await beside("guess", 1, `${GUESSES} wrong codes a second`, port, signIn);
    await beside("idle", STRANGERS, `${CONNECTIONS} idle connections`, port, signIn);
    await beside("pipeline", 1, `${PIPELINES} connections of requests without end`, port, signIn);
  } finally {
    served.kill("SIGKILL");
    await once(served, "exit");
    await rm(home, { recursive: true, force: true });
  }
}

async function beside(attack: Attack, count: number, what: string, port: number, signIn: string): Promise<void> {
  const strangers = Array.from({ length: count }, () => fork(import.meta.filename, [attack]));
  try {
    const begun = strangers.map((one) => once(one, "message"));
    for (const [part, one] of strangers.entries()) one.send({ port, part } satisfies Order);
    await Promise.all(begun);
    await measured(what, port, signIn);
  } finally {
    await Promise.all(strangers.map(ended));
  }
}

async function ended(stranger: ChildProcess): Promise<void> {
  stranger.kill("SIGKILL");
  await once(stranger, "exit");
}

async function measured(what: string, port: number, signIn: string): Promise<void> {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const token = await signedIn(port, signIn);
  if (token === undefined) throw new Error("a right sign-in was refused before it began");
  const [me, signIns]: [number[], number[]] = [[], []];
  let refused = 0;
  for (const until = performance.now() + LASTS; performance.now() < until; ) {
    const asked = performance.now();
    const { status } = await ask(port, kept, "GET", "/v1/me", { authorization: `Bearer ${token}` });
    const known = performance.now();
    const renewed = await signedIn(port, signIn);
    me.push(known - asked);
    signIns.push(performance.now() - known);
    if (status !== 200 || renewed === undefined) refused++;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  kept.destroy();
  const holds = refused === 0 && percentile(me, 0.99) <= BAR && percentile(signIns, 0.99) <= BAR;
  if (!holds) process.exitCode = 1;
  const figures = [me, signIns].map((each) => `${percentile(each, 0.5).toFixed(1)} / ${percentile(each, 0.99).toFixed(1)} ms`);
  process.stdout.write(
    `${what.padEnd(32)} signed in ${figures[0]}, signing in ${figures[1]} (p50 / p99 of ${me.length}), ${refused} refused  bar ${BAR} ms: ${holds ? "holds" : "missed"}\n`,
  );
}

/** A sign-in over a connection of its own, as each command makes one. Undefined where it is refused. */
async function signedIn(port: number, sign_in: string): Promise<string | undefined> {
  const agent = new Agent({ keepAlive: false });
  const body = JSON.stringify({ grant_type: "sign_in", sign_in });
  const answer = await ask(port, agent, "POST", "/v1/token", { "content-type": "application/json" }, body);
  return answer.status === 200 ? JSON.parse(answer.text).access_token : undefined;
}

/** Status 0: the connection broke. */
function ask(port: number, agent: Agent, method: string, path: string, headers: Record<string, string>, body = "") {
  return new Promise<{ status: number; text: string }>((resolve) => {
    const sent = request({ port, host: "127.0.0.1", agent, method, path, headers }, async (answer) => {
      let text = "";
      for await (const part of answer.setEncoding("utf8")) text += part;
      resolve({ status: answer.statusCode ?? 0, text });
    });
    sent.on("error", () => resolve({ status: 0, text: "" }));
    sent.end(body);
  });
}

/** Those that were closed are opened again, three hundred a second in all: a crowd that does not give up. */
function holdIdle({ port, part }: Order): void {
  const mine = Math.ceil(CONNECTIONS / STRANGERS);
  let [opened, missing] = [0, mine];
  const hold = () => {
    const isFirst = opened < mine;
    for (let count = Math.min(isFirst ? 100 : 10, missing); count > 0; count--) {
      missing--;
      opened++;
      const localAddress = `127.${10 + part}.${opened % 200}.${1 + (opened % 250)}`;
      connect({ port, host: "127.0.0.1", localAddress })
        .on("error", () => {})
        .once("close", () => missing++);
    }
    if (opened >= mine) process.send?.("all were opened");
    setTimeout(hold, isFirst ? 20 : 100);
  };
  hold();
}

function guess({ port }: Order): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const body = JSON.stringify({ grant_type: "sign_in_code", code: "x".repeat(43) });
  setInterval(() => {
    void ask(port, agent, "POST", "/v1/token", { "content-type": "application/json" }, body);
  }, 1000 / GUESSES);
  process.send?.("begun");
}

function pipeline({ port }: Order): void {
  const requests = Buffer.from(`GET /v1/me HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(1000));
  const flood = () => {
    const socket = connect({ port, host: "127.0.0.1" }, () => more());
    const more = () => {
      while (socket.write(requests));
    };
    socket.on("drain", more);
    socket.on("error", () => {});
    socket.once("close", () => setTimeout(flood, 10));
    socket.resume();
  };
  for (let count = 0; count < PIPELINES; count++) flood();
  process.send?.("begun");
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
