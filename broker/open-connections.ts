import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, Timer } from "#foundation";
import { Crowd, type Held } from "./crowd.ts";

export interface ConnectionLimits {
  /** Connections on which nobody has signed in. */
  readonly strangerConnections: number;
  /** Ms for which one of those may do nothing, or the same thing. */
  readonly strangerTime: number;
  readonly connectionsPerPerson: number;
  /** Connections of all who are signed in. */
  readonly connections: number;
}

/**
 * Bounds what is open. Every connection is a stranger's until a request on it is signed in. Where there are too many of one kind, one of
 * that kind is closed: the longest idle, so that whoever connects now can say who he is, and nobody who is signed in pays for strangers.
 */
export class OpenConnections {
  readonly #strangers = new Crowd();
  readonly #known = new Crowd();
  readonly #held = new WeakMap<Duplex, Held>();
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  #sweep: Timer | undefined;

  constructor(clock: Clock, limits: ConnectionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get counts(): { readonly strangers: number; readonly known: number } {
    return { strangers: this.#strangers.size, known: this.#known.size };
  }

  watch(server: Server): void {
    server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => this.#busyUntilClosed(socket, response));
    server.on("upgrade", ({ socket }: IncomingMessage) => this.#busyUntilClosed(socket, socket));
    server.on("close", () => this.#sweep?.cancel());
  }

  /** A connection is a stranger's at first. */
  arrived(socket: Duplex): void {
    const held: Held = { socket, busy: 0, person: undefined, since: this.#clock.monotonic() };
    this.#held.set(socket, held);
    if (this.#strangers.size >= this.#limits.strangerConnections) this.#makeRoom();
    this.#strangers.add(held);
    socket.once("close", () => {
      this.#crowdOf(held).remove(held);
      // Who leaves while it is looked up who he is has no connection any more.
      this.#held.delete(socket);
    });
    this.#sweepLater();
  }

  /** A request on the connection is the person's. Of several persons who come by one proxy's connection it is the last one's. */
  signedIn(socket: Duplex, person: string): void {
    const held = this.#held.get(socket);
    if (held === undefined || held.person === person) return;
    this.#crowdOf(held).remove(held);
    held.person = person;
    this.#known.add(held);
    if (this.#known.countOf(person) > this.#limits.connectionsPerPerson) this.#close(this.#known.longestIdle(person) ?? held);
    else if (this.#known.size > this.#limits.connections) this.#close(this.#known.longestIdle() ?? held);
  }

  /** Half of all is for those who have yet to speak: whoever is busy for longest when that is not there sends or reads too slowly. */
  #makeRoom(): void {
    const enoughIdle = this.#strangers.idle * 2 >= this.#limits.strangerConnections;
    this.#close(enoughIdle ? this.#strangers.longestIdle() : this.#strangers.longestBusy());
  }

  #busyUntilClosed(socket: Duplex, until: ServerResponse | Duplex): void {
    const held = this.#held.get(socket);
    if (held === undefined) return;
    this.#moved(held, 1);
    until.once("close", () => this.#moved(held, -1));
  }

  #moved(held: Held, busy: 1 | -1): void {
    held.since = this.#clock.monotonic();
    this.#crowdOf(held).moved(held, busy);
  }

  #crowdOf(held: Held): Crowd {
    return held.person === undefined ? this.#strangers : this.#known;
  }

  #close(held: Held | undefined): void {
    if (held === undefined) return;
    this.#crowdOf(held).remove(held);
    held.socket.destroy();
  }

  /** One timer for all: the oldest is the first whose time is over. */
  #sweepLater(): void {
    const { oldest } = this.#strangers;
    if (this.#sweep !== undefined || oldest === undefined) return;
    const left = oldest.since + this.#limits.strangerTime - this.#clock.monotonic();
    const sweep = () => {
      this.#sweep = undefined;
      const over = this.#clock.monotonic() - this.#limits.strangerTime;
      for (let next = this.#strangers.oldest; next !== undefined && next.since <= over; next = this.#strangers.oldest) this.#close(next);
      this.#sweepLater();
    };
    this.#sweep = this.#clock.after(Math.max(0, left), sweep, { unref: true });
  }
}
