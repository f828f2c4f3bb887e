import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { formatBytes, MAXIMUM_PERSONA_BYTES } from "@guise/contract";
import { AgentError } from "../sdk/index.ts";
import type { App } from "./app.ts";
import { UsageError } from "./usage-error.ts";

/** The text of a persona definition on this machine. */
export async function documentIn(app: App, file: string): Promise<string> {
  const text = await readFile(resolve(app.context.cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`, "a path of a persona definition");
  });
  if (Buffer.byteLength(text) > MAXIMUM_PERSONA_BYTES) {
    throw new AgentError("payload_too_large", `${file} is larger than ${formatBytes(MAXIMUM_PERSONA_BYTES)}.`);
  }
  return text;
}
