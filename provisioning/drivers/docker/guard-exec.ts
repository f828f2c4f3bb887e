import { text } from "node:stream/consumers";
import { ProvisioningError } from "#provisioning";
import { startExec } from "./engine-calls.ts";
import type { EngineContext } from "./engine-context.ts";
import { isAbsent, isConflict, translated } from "./engine-errors.ts";

/** Runs one order in a guard whose held shell may be another process's: 80 ms, so not where anybody waits. Gives what it printed. Rejects `network_failed`, `sandbox_gone`. */
export async function runInGuard({ client }: EngineContext, guard: string, order: string): Promise<string> {
  return await translated("network_failed", "the guard could not be told", async () => {
    const request = { role: "guard", command: ["/bin/sh", "-s"], user: "0:0" } as const;
    const { raw, exitCode } = await startExec(client.getContainer(guard), request).catch((error: unknown) => {
      if (isAbsent(error) || isConflict(error)) throw new ProvisioningError("sandbox_gone", "the guard does not run", { cause: error });
      throw error;
    });
    raw.end(`${order}\n`);
    const output = await text(raw);
    const exit = await exitCode();
    if (exit !== 0)
      throw new ProvisioningError("network_failed", "the guard refused a network rule", {
        detail: { output: output.slice(0, 1000), exit },
      });
    return output;
  });
}
