import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import type { Channel, RunResult } from "./channel.ts";
import { ProvisioningError } from "./errors.ts";
import { type Probe, waitUntilReady } from "./readiness.ts";

/** A channel whose answers are given; each probe moves the clock, so that waiting needs no time. */
function channelThat(answers: { run?: () => Partial<RunResult>; forward?: () => Duplex }): Channel {
  const refuse = () => Promise.reject(new ProvisioningError("connection_refused", "nothing answers at port 80"));
  return {
    run: async () => ({ exit: 0, stdout: "", stderr: "", ...answers.run?.() }),
    forward: async () => answers.forward?.() ?? refuse(),
  } as unknown as Channel;
}

/** Time passes by itself whenever something waits for it. */
class HurriedClock extends ManualClock {
  override after(milliseconds: number, run: () => void) {
    const timer = super.after(milliseconds, run);
    if (milliseconds < 2000) setImmediate(() => this.advance(milliseconds));
    return timer;
  }
}

function answering(text: string): Duplex {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      this.push(text);
      done();
    },
  });
}

const HTTP: Probe = { kind: "http", port: 80, path: "/" };

test("all probes pass, in order, as soon as each does", async () => {
  let tries = 0;
  const channel = channelThat({ run: () => ({ exit: ++tries < 4 ? 1 : 0 }), forward: () => answering("HTTP/1.1 404 Not Found\r\n\r\n") });
  await waitUntilReady(channel, [{ kind: "command", run: ["check"] }, HTTP, { kind: "port", port: 80 }], {
    within: 60_000,
    clock: new HurriedClock(),
  });
  expect(tries).toBe(4);
});

test("a probe that does not pass in time is named, with its last reason", async () => {
  const channel = channelThat({ run: () => ({ exit: 3, stderr: "no \u001b[31mtable\n" }) });
  const waiting = waitUntilReady(channel, [{ kind: "command", run: ["psql", "-c"] }], { within: 5000, clock: new HurriedClock() });
  await expect(waiting).rejects.toMatchObject({
    code: "readiness_failed",
    message: 'the probe ["psql","-c"] did not pass within 5000 ms: ended with 3 no [31mtable',
  });
  await expect(waitUntilReady(channelThat({}), [HTTP], { within: 5000, clock: new HurriedClock() })).rejects.toMatchObject({
    message: "the probe http 80/ did not pass within 5000 ms: nothing answers at port 80",
  });
});

test.each([
  ["does not speak HTTP", () => answering("220 smtp.example ESMTP\r\n"), "does not speak HTTP"],
  ["closes without a word", () => Duplex.from(Buffer.alloc(0)), "closed without an answer"],
])("what %s is not ready", async (_what, forward, reason) => {
  await expect(waitUntilReady(channelThat({ forward }), [HTTP], { within: 1000, clock: new HurriedClock() })).rejects.toMatchObject({
    code: "readiness_failed",
    message: expect.stringContaining(reason),
  });
});

test("what takes the connection and says nothing is given up", async () => {
  const clock = new ManualClock();
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const silent = () => new Duplex({ read() {}, write: () => asked() });
  const waiting = expect(waitUntilReady(channelThat({ forward: silent }), [HTTP], { within: 2000, clock })).rejects.toMatchObject({
    code: "readiness_failed",
  });
  await isAsked;
  clock.advance(2000);
  await waiting;
});

test("a path that would be another request is not sent", async () => {
  const forward = () => answering("HTTP/1.1 200 OK\r\n\r\n");
  const probe: Probe = { kind: "http", port: 80, path: "/ HTTP/1.1\r\nX: y" };
  await expect(waitUntilReady(channelThat({ forward }), [probe], { within: 1000, clock: new HurriedClock() })).rejects.toMatchObject({
    code: "readiness_failed",
  });
});

test("a lost channel, a cancelled wait and a hopeless one end at once", async () => {
  const clock = new ManualClock();
  const lost = { run: () => Promise.reject(new ProvisioningError("channel_lost", "gone")) } as unknown as Channel;
  await expect(waitUntilReady(lost, [{ kind: "command", run: ["x"] }], { within: 1e9, clock })).rejects.toMatchObject({
    code: "channel_lost",
  });
  const abort = new AbortController();
  const waiting = expect(waitUntilReady(channelThat({}), [HTTP], { within: 1e9, clock, signal: abort.signal })).rejects.toMatchObject({
    code: "cancelled",
  });
  setImmediate(() => abort.abort());
  await waiting;
  const hopeless = async () => "it ended with 1";
  await expect(waitUntilReady(channelThat({}), [HTTP], { within: 1e9, clock, hopeless })).rejects.toMatchObject({
    message: "the probe http 80/: it ended with 1",
  });
});
