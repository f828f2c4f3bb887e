import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { Channel } from "#provisioning";
import { openOverExec } from "./open-over-exec.ts";

function world(open: (duplex: Duplex, count: number) => Promise<Channel>) {
  const clock = new ManualClock();
  const state = { spoken: false, started: [] as Duplex[] };
  const opened = openOverExec({
    ...{ clock, log: silentLog, hasSpoken: () => state.spoken },
    async start() {
      const duplex = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
      state.started.push(duplex);
      return duplex;
    },
    open: (duplex) => open(duplex, state.started.length),
  });
  opened.catch(() => {});
  return { clock, state, opened };
}

const CHANNEL = {} as Channel;
/** As a client ends whose stream is gone. */
const untilGone = (duplex: Duplex) => new Promise<Channel>((_, reject) => duplex.once("close", () => reject(new Error("gone"))));

test("what says nothing is started once more, and the first one is gone", async () => {
  const { clock, state, opened } = world((duplex, count) => (count === 1 ? untilGone(duplex) : Promise.resolve(CHANNEL)));
  await Promise.resolve();
  clock.advance(8_000);
  expect(await opened).toBe(CHANNEL);
  expect(state.started.map(({ destroyed }) => destroyed)).toEqual([true, false]);
});

test("what has spoken, or failed by itself, is not started again", async () => {
  const slow = Promise.withResolvers<Channel>();
  const spoken = world(() => slow.promise);
  await Promise.resolve();
  spoken.state.spoken = true;
  spoken.clock.advance(60_000);
  slow.resolve(CHANNEL);
  expect(await spoken.opened).toBe(CHANNEL);
  expect(spoken.state.started).toHaveLength(1);
  const failed = world(() => Promise.reject(new Error("refused")));
  await expect(failed.opened).rejects.toThrow("refused");
  expect(failed.state.started).toHaveLength(1);
});
