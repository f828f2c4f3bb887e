import type { Clock, Timer } from "#foundation";
import type { Listening } from "#provisioning";
import type { ChannelTarget } from "../shared-channels.ts";
import { WebUpstream, type WebUpstreamOptions } from "./web-upstream.ts";

/** Ms without a request after which the connections into an application are given back. */
const IDLE = 60_000;

interface Entry {
  readonly upstream: WebUpstream;
  idle: Timer | undefined;
}

/** The ways to the web applications that are used: one for each, whoever asks. */
export class WebUpstreams {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For the request that is forwarded now. What is under way goes on when the way is given back. */
  to({ workspace, generation }: ChannelTarget, target: Listening, options: Omit<WebUpstreamOptions, "target">): WebUpstream {
    const key = JSON.stringify([workspace, generation, target]);
    const entry = this.#entries.get(key) ?? { upstream: new WebUpstream({ ...options, target }), idle: undefined };
    this.#entries.set(key, entry);
    entry.idle?.cancel();
    entry.idle = this.#clock.after(IDLE, () => this.#rest(key, entry), { unref: true });
    return entry.upstream;
  }

  #rest(key: string, entry: Entry): void {
    const { agent } = entry.upstream;
    // What waits or is answered slowly is looked at again; kept connections alone are no use.
    const isUsed = [agent.sockets, agent.requests].some((held) => Object.keys(held).length > 0);
    if (isUsed) entry.idle = this.#clock.after(IDLE, () => this.#rest(key, entry), { unref: true });
    else {
      this.#entries.delete(key);
      agent.destroy();
    }
  }
}
