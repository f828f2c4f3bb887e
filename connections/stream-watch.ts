import type { LimitNote } from "@guise/contract";

/** Who hears of what goes through a person's stream, never what it is, and has something to say beside it. */
export interface StreamWatch {
  /** The person sends something. */
  input(): void;
  /** Something that was written while the person looked on has gone to the person. */
  output(): void;
  /** The person waits for a command; what it gives is called when that is over. */
  command(): () => void;
  /** `tell` is called with what the person should know, until the returned function is. */
  onNotice(tell: (message: string) => void): () => void;
  /** The note of a program that the kernel ended for want of ram since then, by the monotonic clock. Looks now; never rejects. */
  killedSince(since: number): Promise<LimitNote | undefined>;
}

export const UNWATCHED: StreamWatch = {
  input() {},
  output() {},
  command: () => () => {},
  onNotice: () => () => {},
  killedSince: async () => undefined,
};
