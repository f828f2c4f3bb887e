import type { Readable } from "node:stream";

const MOST_SAID = 8000;

/** Keeps the beginning of what is said, and reads on so that nothing is held up. */
export function collectSaid(stream: Readable): () => string {
  let said = "";
  stream.on("data", (data: Buffer) => {
    if (said.length < MOST_SAID) said += data.toString("utf8");
  });
  return () => said;
}
