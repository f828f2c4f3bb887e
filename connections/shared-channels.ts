import type { Clock, Log, Timer } from "#foundation";
import { type Channel, ProvisioningError } from "#provisioning";

/** One generation of a workspace's sandbox. */
export interface ChannelTarget {
  readonly workspace: string;
  readonly generation: number;
}

/** `light`: keystrokes and commands. `bulk`: files and forwarded connections, behind which keystrokes would wait. `screen`: displays, which wait for neither. */
export const CONNECTION_KINDS = ["light", "bulk", "screen"] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** The use of a shared channel; it may be closed when nobody uses it. */
export interface Lease {
  readonly channel: Channel;
  /** Safe to call twice. */
  release(): void;
}

export type OpenChannel = () => Promise<Lease>;

export interface SharedChannelsOptions {
  /** A fresh channel to a sandbox that runs. */
  readonly connect: (target: ChannelTarget) => Promise<Channel>;
  readonly clock: Clock;
  readonly log: Log;
  /** Ms without use after which a channel is closed; 60 s unless told. */
  readonly idleAfter?: number;
  /** Uses of one connection at once; 48 unless told: below what the channel itself carries. */
  readonly mostUses?: number;
}

interface Entry {
  readonly target: ChannelTarget;
  readonly kind: ConnectionKind;
  readonly channel: Promise<Channel>;
  uses: number;
  idle: Timer | undefined;
}

/** The channels into the running sandboxes: at most one of each kind for each, opened when needed and shared. */
export class SharedChannels {
  readonly #options: SharedChannelsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: SharedChannelsOptions) {
    this.#options = options;
  }

  /** Rejects as `connect` does; `refused_by_policy` when it is used too much; `channel_lost` when the workspace was invalidated meanwhile. */
  async lease(target: ChannelTarget, kind: ConnectionKind): Promise<Lease> {
    const entry = this.#entries.get(keyOf(target, kind)) ?? this.#open(target, kind, this.#options.connect(target));
    const { mostUses = 48 } = this.#options;
    if (entry.uses >= mostUses)
      throw new ProvisioningError("refused_by_policy", `more than ${mostUses} streams at once into one workspace`);
    entry.uses++;
    entry.idle?.cancel();
    try {
      const channel = await entry.channel;
      if (!this.#holds(entry)) throw new ProvisioningError("channel_lost", "the workspace's channels were closed");
      return { channel, release: this.#releaseOf(entry) };
    } catch (error) {
      entry.uses--;
      throw error;
    }
  }

  /** Takes the channel over a sandbox was started with, as its light one. */
  adopt(target: ChannelTarget, channel: Channel): void {
    if (this.#entries.has(keyOf(target, "light"))) channel.close();
    else this.#rest(this.#open(target, "light", Promise.resolve(channel)));
  }

  /** Takes a channel in the place of the light one, which is closed when nobody uses it any more. */
  renew(target: ChannelTarget, channel: Channel): void {
    const former = this.#entries.get(keyOf(target, "light"));
    if (former !== undefined) {
      this.#forget(former);
      if (former.uses === 0) this.#drop(former);
    }
    this.#rest(this.#open(target, "light", Promise.resolve(channel)));
  }

  /** Closes all channels into a workspace, of whatever generation. */
  invalidate(workspace: string): void {
    for (const entry of this.#entries.values()) if (entry.target.workspace === workspace) this.#drop(entry);
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#drop(entry);
  }

  #open(target: ChannelTarget, kind: ConnectionKind, channel: Promise<Channel>): Entry {
    for (const other of this.#entries.values())
      if (other.target.workspace === target.workspace && other.target.generation < target.generation) this.#drop(other);
    const entry: Entry = { target, kind, channel, uses: 0, idle: undefined };
    this.#entries.set(keyOf(target, kind), entry);
    channel.then(
      (open) => open.closed.then(() => this.#forget(entry)),
      (error: unknown) => {
        this.#options.log.debug({ err: error, ...target, kind }, "no channel could be opened");
        this.#forget(entry);
      },
    );
    return entry;
  }

  #releaseOf(entry: Entry): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.uses--;
      this.#rest(entry);
    };
  }

  /** Nobody uses it now: after a while it is closed; at once where another has its place. */
  #rest(entry: Entry): void {
    if (entry.uses > 0) return;
    if (!this.#holds(entry)) this.#drop(entry);
    else {
      entry.idle?.cancel();
      entry.idle = this.#options.clock.after(this.#options.idleAfter ?? 60_000, () => this.#drop(entry), { unref: true });
    }
  }

  #drop(entry: Entry): void {
    this.#forget(entry);
    entry.channel.then(
      (channel) => channel.close(),
      () => {},
    );
  }

  #forget(entry: Entry): void {
    entry.idle?.cancel();
    if (this.#holds(entry)) this.#entries.delete(keyOf(entry.target, entry.kind));
  }

  #holds(entry: Entry): boolean {
    return this.#entries.get(keyOf(entry.target, entry.kind)) === entry;
  }
}

function keyOf({ workspace, generation }: ChannelTarget, kind: ConnectionKind): string {
  return `${workspace} ${generation} ${kind}`;
}
