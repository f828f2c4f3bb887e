import type { Duplex } from "node:stream";
import { ProvisioningError } from "#provisioning";

const MAXIMUM = 64 * 1024;

/** Reads until a line matches; what follows that line stays on the stream. Rejects `network_failed` when the stream ends before. */
export function untilLine(stream: Duplex, line: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    const stop = () => {
      stream.off("data", read);
      stream.off("close", fail);
      stream.off("error", fail);
      stream.pause();
    };
    const fail = () => {
      stop();
      reject(new ProvisioningError("network_failed", "the guard ended before it was ready", { detail: { output: text.slice(-1000) } }));
    };
    const read = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const match = line.exec(text.slice(0, end));
        text = text.slice(end + 1);
        if (match === null) continue;
        stop();
        if (text !== "") stream.unshift(Buffer.from(text, "latin1"));
        resolve(match);
        return;
      }
      if (text.length > MAXIMUM) stream.destroy();
    };
    stream.on("data", read);
    stream.once("close", fail);
    stream.once("error", fail);
  });
}
