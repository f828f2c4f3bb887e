import type { LiveMessage } from "@guise/contract";
import { afterEach, expect, test, vi } from "vitest";
import { AgentError } from "./agent-error.ts";
import { followLive, type LiveFeed, type LiveState } from "./live.ts";
import type { Socket, SocketHandlers } from "./socket.ts";
import { Transport } from "./transport.ts";

interface Attempt {
  readonly handlers: SocketHandlers;
  readonly headers: Readonly<Record<string, string>>;
  readonly closed: () => boolean;
}

let feed: LiveFeed | undefined;
afterEach(() => feed?.close());

/** A feed whose sockets are by hand; refusals are given out first. */
function follow(refusals: AgentError[] = [], me: () => Promise<Response> = async () => Response.json({})) {
  const attempts: Attempt[] = [];
  const messages: LiveMessage[] = [];
  const states: LiveState[] = [];
  const waits: number[] = [];
  const transport = new Transport({
    broker: new URL("http://guise.localhost:7080"),
    tokens: { current: async () => undefined, renew: async () => undefined, holds: () => false },
    fetch: me,
    patience: 0,
    timing: { now: () => 0, random: () => 1, wait: async (ms) => void waits.push(ms) },
    openSocket: async (_url, headers, handlers): Promise<Socket> => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      let closed = false;
      const close = () => {
        closed = true;
      };
      attempts.push({ handlers, headers, closed: () => closed });
      return { send: async () => {}, pause() {}, resume() {}, close };
    },
  });
  feed = followLive(transport, { message: (message) => messages.push(message), state: (state) => states.push(state) });
  return { attempts, messages, states, waits };
}

const HERE = JSON.stringify({ kind: "still_here" });

test("comes back after a drop, with pauses that begin anew once it was connected", async () => {
  const { attempts, messages, states, waits } = follow();
  await vi.waitUntil(() => attempts.length === 1);
  expect(attempts[0]?.headers).toEqual({});
  attempts[0]?.handlers.message(HERE);
  attempts[0]?.handlers.message("not json");
  attempts[0]?.handlers.closed(false);
  await vi.waitUntil(() => attempts.length === 2);
  attempts[1]?.handlers.closed(false);
  await vi.waitUntil(() => attempts.length === 3);
  attempts[2]?.handlers.message(HERE);
  expect(states.map(({ state }) => state)).toEqual(["connected", "lost", "lost", "connected"]);
  expect(messages).toEqual([{ kind: "still_here" }, { kind: "still_here" }]);
  expect(waits).toEqual([100, 200]);
});

test("says when nobody is signed in any more, which a browser's socket does not tell, and tries no more", async () => {
  const refused = async () => Response.json({ code: "not_authenticated", status: 401 }, { status: 401 });
  const { attempts, states } = follow([new AgentError("unreachable", "x")], refused);
  await vi.waitUntil(() => states.length === 1);
  expect(states[0]).toMatchObject({ state: "ended", error: { code: "not_authenticated" } });
  expect(attempts).toEqual([]);
});

test("told that it may be dead without a word it leaves the connection for another", async () => {
  const { attempts, states } = follow();
  await vi.waitUntil(() => attempts.length === 1);
  attempts[0]?.handlers.message(HERE);
  feed?.again();
  await vi.waitUntil(() => attempts.length === 2);
  expect(attempts[0]?.closed()).toBe(true);
  attempts[1]?.handlers.message(HERE);
  expect(states.map(({ state }) => state)).toEqual(["connected", "lost", "connected"]);
});

test("closed while it opens, it stays closed and tells nothing", async () => {
  const { attempts, states } = follow();
  feed?.close();
  await vi.waitUntil(() => attempts[0]?.closed() === true);
  attempts[0]?.handlers.closed(true);
  expect(states).toEqual([]);
});
