import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { Channel } from "#provisioning";
import { type ChannelTarget, SharedChannels } from "./shared-channels.ts";

const TARGET: ChannelTarget = { workspace: "w-1", generation: 1 };

class FakeChannel {
  isClosed = false;
  #end: () => void = () => {};
  readonly closed = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  close(): void {
    this.isClosed = true;
    this.#end();
  }
}

function world(options: { mostUses?: number; connect?: () => Promise<Channel> } = {}) {
  const clock = new ManualClock();
  const opened: FakeChannel[] = [];
  const connect = async () => {
    const channel = new FakeChannel();
    opened.push(channel);
    return channel as unknown as Channel;
  };
  return { clock, opened, channels: new SharedChannels({ connect, clock, log: silentLog, ...options }) };
}

test("parallel callers share one connection of each kind", async () => {
  const { channels, opened } = world();
  const leases = await Promise.all([channels.lease(TARGET, "light"), channels.lease(TARGET, "light"), channels.lease(TARGET, "bulk")]);
  expect(leases[0]?.channel).toBe(leases[1]?.channel);
  expect(leases[0]?.channel).not.toBe(leases[2]?.channel);
  expect(opened.length).toBe(2);
});

test("an unused connection is closed after its idle time, a used one never", async () => {
  const { channels, opened, clock } = world();
  const first = await channels.lease(TARGET, "light");
  const second = await channels.lease(TARGET, "light");
  first.release();
  first.release();
  clock.advance(3_600_000);
  expect(opened[0]?.isClosed).toBe(false);
  second.release();
  clock.advance(59_999);
  const third = await channels.lease(TARGET, "light");
  clock.advance(3_600_000);
  expect(opened[0]?.isClosed).toBe(false);
  third.release();
  clock.advance(60_000);
  await Promise.resolve();
  expect(opened[0]?.isClosed).toBe(true);
  await channels.lease(TARGET, "light");
  expect(opened.length).toBe(2);
});

test("a connection that ended is not given again", async () => {
  const { channels, opened } = world();
  await channels.lease(TARGET, "light");
  opened[0]?.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect((await channels.lease(TARGET, "light")).channel).toBe(opened[1]);
});

test("a failed connection fails all who wait for it, and the next tries anew", async () => {
  let tries = 0;
  const channel = new FakeChannel() as unknown as Channel;
  const { channels } = world({ connect: () => (++tries === 1 ? Promise.reject(new Error("no engine")) : Promise.resolve(channel)) });
  const both = await Promise.allSettled([channels.lease(TARGET, "light"), channels.lease(TARGET, "light")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(tries).toBe(1);
  expect((await channels.lease(TARGET, "light")).channel).toBe(channel);
});

test("invalidating closes all connections of a workspace, one that is being opened too", async () => {
  const { channels, opened } = world();
  await channels.lease(TARGET, "light");
  await channels.lease({ ...TARGET, workspace: "w-2" }, "light");
  const opening = channels.lease(TARGET, "bulk");
  channels.invalidate("w-1");
  await expect(opening).rejects.toMatchObject({ code: "channel_lost" });
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false, true]);
});

test("a new generation ends the connections of older ones", async () => {
  const { channels, opened } = world();
  await channels.lease(TARGET, "light");
  await channels.lease({ ...TARGET, generation: 2 }, "bulk");
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
});

test("the channel of a start becomes the light one; a second is closed", async () => {
  const { channels, opened, clock } = world();
  const [mine, other] = [new FakeChannel(), new FakeChannel()];
  channels.adopt(TARGET, mine as unknown as Channel);
  channels.adopt(TARGET, other as unknown as Channel);
  expect(other.isClosed).toBe(true);
  expect((await channels.lease(TARGET, "light")).channel).toBe(mine);
  expect(opened.length).toBe(0);
  const idle = new FakeChannel();
  channels.adopt({ ...TARGET, workspace: "w-2" }, idle as unknown as Channel);
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(idle.isClosed).toBe(true);
});

test("a renewed channel is who comes' from now on; who uses the former goes on with it, and it is closed when nobody does", async () => {
  const { channels, opened } = world();
  const before = await channels.lease(TARGET, "light");
  const fresh = new FakeChannel();
  channels.renew(TARGET, fresh as unknown as Channel);
  const after = await channels.lease(TARGET, "light");
  expect(after.channel).toBe(fresh);
  expect(opened[0]?.isClosed).toBe(false);
  before.release();
  await Promise.resolve();
  expect([opened[0]?.isClosed, fresh.isClosed]).toEqual([true, false]);
});

test("uses are bounded, and free again when released", async () => {
  const { channels } = world({ mostUses: 2 });
  const first = await channels.lease(TARGET, "light");
  await channels.lease(TARGET, "light");
  await expect(channels.lease(TARGET, "light")).rejects.toMatchObject({ code: "refused_by_policy" });
  first.release();
  await channels.lease(TARGET, "light");
});
