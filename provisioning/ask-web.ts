import { request } from "node:http";
import type { Channel } from "./channel.ts";

export interface WebQuestion {
  /** Loopback, inside. */
  readonly port: number;
  readonly path: string;
  /** Ms in which the whole answer must be there. */
  readonly within: number;
}

/** What comes from inside is a stranger's: a longer answer is none. */
const LONGEST_ANSWER = 256 * 1024;

/** The text of a web application's answer to a GET; undefined when it refuses, says too much or is late. Rejects as the channel does. */
export async function askWeb(channel: Channel, { port, path, within }: WebQuestion): Promise<string | undefined> {
  const signal = AbortSignal.timeout(within);
  const connection = await channel.forward({ port });
  connection.on("error", () => {});
  try {
    return await new Promise<string | undefined>((resolve) => {
      const asked = request({ path, headers: { host: "localhost", connection: "close" }, signal, createConnection: () => connection });
      asked.on("error", () => resolve(undefined));
      asked.on("response", (answer) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        answer.on("error", () => resolve(undefined));
        answer.on("data", (piece: Buffer) => {
          pieces.push(piece);
          bytes += piece.length;
          if (bytes > LONGEST_ANSWER) resolve(undefined);
        });
        answer.on("end", () => resolve(answer.statusCode === 200 ? Buffer.concat(pieces).toString("utf8") : undefined));
      });
      asked.end();
    });
  } finally {
    connection.destroy();
  }
}
