/** A reader that hangs in the kernel, as on the lock of a stranger's memory: the first one of a pipe waits until somebody writes into it. */
import { openSync } from "node:fs";
import { READER_UP } from "./reader-protocol.ts";

process.on("message", ({ about }: { about: string }) => {
  if (about.startsWith("/")) openSync(about, "r");
  process.send?.(about === "gone" ? { gone: "it ended" } : { value: about });
});
process.on("disconnect", () => process.exit());
process.send?.(READER_UP);
