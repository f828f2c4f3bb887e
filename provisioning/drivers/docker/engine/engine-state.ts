import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { codeOf } from "#foundation";
import { EngineError } from "./engine-errors.ts";

/** What was chosen for this installation. The remap base never changes while homes exist; the subnet may when the engine was down. */
const engineStateSchema = z.strictObject({
  version: z.literal(1),
  installation: z.string(),
  /** CIDR of the bridge, and the bridge's own address in it. */
  subnet: z.string(),
  gateway: z.string(),
  /** First of the 1,000,000 host ids that the engine's containers live in. */
  remapBase: z.int(),
});
export type EngineState = z.infer<typeof engineStateSchema>;

/** Undefined when there is none yet. Rejects `state_damaged`: never guessed anew, for homes on disk carry the old base. */
export async function readEngineState(file: string): Promise<EngineState | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return engineStateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EngineError("state_damaged", `${file} cannot be read. Restore it from a backup, or remove the folder to begin anew.`, {
      cause,
    });
  }
}

/** Written beside and renamed: whoever dies leaves the old record or the new one. */
export async function writeEngineState(file: string, state: EngineState): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}
