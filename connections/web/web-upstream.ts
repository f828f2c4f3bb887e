import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import type { Listening } from "#provisioning";
import type { OpenChannel } from "../shared-channels.ts";
import { channelSocket } from "./channel-socket.ts";

/** Connections into one application at the same time, all kept for the next request; further requests wait. A browser opens six of HTTP/1.1. */
const MOST_CONNECTIONS = 16;

export interface WebUpstreamOptions {
  readonly openChannel: OpenChannel;
  readonly target: Listening;
  /** Sees what goes in over one connection; asked for each. */
  readonly watch: () => (bytes: Buffer) => void;
}

/** The way to one web application of a workspace: connections over its bulk channel, kept for the next request. */
export class WebUpstream {
  /** For requests. */
  readonly agent: Agent;
  /** For upgrades, which keep their connection: they do not wait for requests, nor requests for them. */
  readonly upgrades: Agent;

  constructor(options: WebUpstreamOptions) {
    const createConnection = (_options: unknown, done: (error: Error | null, stream?: Duplex) => void) => {
      connect(options).then((socket) => done(null, socket), done);
      return undefined;
    };
    this.agent = Object.assign(new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS, maxFreeSockets: MOST_CONNECTIONS }), {
      createConnection,
    });
    this.upgrades = Object.assign(new Agent(), { createConnection });
  }
}

async function connect({ openChannel, target, watch }: WebUpstreamOptions): Promise<Duplex> {
  const lease = await openChannel();
  try {
    return channelSocket(await lease.channel.forward(target), lease, watch());
  } catch (error) {
    lease.release();
    throw error;
  }
}
