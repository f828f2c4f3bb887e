import type { Duplex } from "node:stream";
import { plainText } from "@guise/contract";
import { type Clock, codeOf, type Log } from "#foundation";
import { type Channel, openSshChannel, ProvisioningError } from "#provisioning";
import type { EngineClient } from "./client.ts";
import { startExec } from "./engine-calls.ts";
import { isAbsent, isConflict, translated } from "./engine-errors.ts";
import { engineStream } from "./engine-stream.ts";
import { openOverExec } from "./open-over-exec.ts";
import type { ProgramConnections } from "./program-connections.ts";
import type { SandboxHandle } from "./sandbox-handle.ts";

/** Characters of what the sandbox says that are kept for the message of a failure. */
const MOST_SAID = 500;

export interface ConnectOptions {
  readonly client: EngineClient;
  readonly connections: ProgramConnections;
  readonly clock: Clock;
  readonly log: Log;
}

/** A further channel into a main container that runs. Rejects `sandbox_gone`, `channel_lost`, `engine_unreachable`. */
export async function connectMain(
  { client, connections, clock, log }: ConnectOptions,
  { main, uid, keys }: SandboxHandle,
): Promise<Channel> {
  let said = "";
  let begun = "";
  const onStderr = (text: string) => {
    said = `${said}${text}`.slice(0, MOST_SAID);
    log.debug({ text: text.slice(0, MOST_SAID) }, "the sandbox says");
  };
  const onBeginning = (text: string) => {
    begun += text;
  };
  const container = client.getContainer(main);
  const start = async () => {
    const { raw } = await startExec(container, { role: "main", command: ["/usr/lib/guise/ssh", String(uid)], user: `${uid}:${uid}` });
    return engineStream(connections.add(main, raw), onStderr, onBeginning);
  };
  const hasSpoken = () => said !== "" || begun !== "";
  const open = (duplex: Duplex) => openSshChannel({ duplex, keys, log });
  try {
    return await openOverExec({ start, hasSpoken, open, clock, log });
  } catch (error) {
    if (isAbsent(error) || isConflict(error)) throw new ProvisioningError("sandbox_gone", "the sandbox does not run", { cause: error });
    // A server that never came to greet: then it is the engine that speaks.
    const complaint = plainText(said || (begun.startsWith("SSH-") ? "" : begun), 200).trim();
    const lost = complaint === "" ? "the channel did not open" : `the channel did not open, for the sandbox says "${complaint}"`;
    if (codeOf(error) === "channel_lost") throw new ProvisioningError("channel_lost", lost, { cause: error });
    throw await translated("channel_lost", lost, () => Promise.reject(error)).catch((known: unknown) => known);
  }
}
