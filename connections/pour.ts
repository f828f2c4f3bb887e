import type { Readable, Writable } from "node:stream";
import { finished } from "node:stream/promises";

/** Like a pipeline, but one that leaves `content` alive when `to` fails: it is a request whose answer is still to be sent. */
export async function pour(content: Readable, to: Writable): Promise<void> {
  content.pipe(to);
  try {
    const written = finished(to, { readable: false });
    // what ends too early is an aborted upload
    const read = finished(content, { writable: false }).then(() => written);
    await Promise.race([written, read]);
  } catch (error) {
    to.destroy();
    throw error;
  } finally {
    content.unpipe(to);
  }
}
