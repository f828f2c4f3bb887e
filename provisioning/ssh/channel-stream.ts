import { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";

/**
 * One SSH channel as an ordinary stream. ssh2's own does not honor `destroy` (its end never comes while unread data lies in it)
 * and takes everything the window allows at once; this one waits with each write until the transport has room again.
 * Not destroyed by its two ends alone: an exit status may still follow them.
 */
export class ChannelStream extends Duplex {
  readonly #channel: ClientChannel;
  readonly #transport: Duplex;

  constructor(channel: ClientChannel, transport: Duplex) {
    super({ allowHalfOpen: true, autoDestroy: false });
    this.#channel = channel;
    this.#transport = transport;
    channel.on("data", (data: Buffer) => {
      if (!this.destroyed && !this.push(data)) channel.pause();
    });
    channel.on("end", () => this.push(null));
    channel.on("error", () => {});
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, () => {
      if (this.#transport.writableNeedDrain) this.#transport.once("drain", () => done());
      else done();
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel.close();
    // what still comes is read and dropped, so that the channel's own end is reached
    this.#channel.resume();
    done(error);
  }
}
