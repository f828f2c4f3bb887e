import { type Clock, codeOf, messageOf } from "#foundation";
import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { type Listening, waitUntilReady } from "../readiness.ts";
import { findLaunches } from "./found-launches.ts";
import { lastWords } from "./last-words.ts";
import { beginLaunch, type LaunchSpec, readOutput, stopLaunch } from "./launch.ts";

/** How it is known that a web application is ready: its HTTP answers. */
export type LaunchReadiness = Listening & {
  /** Path to ask for; `/` unless told. */
  readonly path?: string;
  /** Ms. */
  readonly within: number;
};

/**
 * Starts an application and waits until it is ready. Rejects `launch_failed` with the last it said; then nothing of it runs.
 * A channel that is lost on the way leaves the launch to be found.
 */
export async function startLaunch(
  channel: Channel,
  spec: LaunchSpec & { readonly readiness?: LaunchReadiness },
  { clock, signal }: { clock: Clock; signal?: AbortSignal },
): Promise<void> {
  await beginLaunch(channel, spec);
  const { readiness, launchId } = spec;
  if (readiness === undefined) return;
  const probe = { kind: "http", path: readiness.path ?? "/", ...listening(readiness) } as const;
  const waiting = {
    within: readiness.within,
    clock,
    hopeless: () => ended(channel, launchId),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    await waitUntilReady(channel, [probe], waiting);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "readiness_failed" && code !== "cancelled") throw error;
    const said = lastWords(await readOutput(channel, launchId));
    await stopLaunch(channel, launchId);
    if (code === "cancelled") throw error;
    throw new ProvisioningError("launch_failed", `${messageOf(error)}${said === "" ? "" : `\n${said}`}`, { cause: error });
  }
}

function listening(readiness: LaunchReadiness): Listening {
  return "port" in readiness ? { port: readiness.port } : { socket: readiness.socket };
}

async function ended(channel: Channel, launchId: string): Promise<string | undefined> {
  const launch = (await findLaunches(channel)).find((each) => each.launchId === launchId);
  return launch?.state === "exited" ? `the application ended with ${launch.exit}` : undefined;
}
