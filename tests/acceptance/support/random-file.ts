import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const BLOCK = 2 ** 20;

/** A file of that many MiB; resolves with its SHA-256. Nothing in it is like anything else in it: a piece at a wrong place would be seen. */
export async function randomFile(path: string, mebibytes: number): Promise<string> {
  const hash = createHash("sha256");
  const blocks = function* () {
    for (let count = 0; count < mebibytes; count++) {
      const block = randomBytes(BLOCK);
      hash.update(block);
      yield block;
    }
  };
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return hash.digest("hex");
}
