import { type Clock, codeOf, messageOf } from "#foundation";
import type { Channel } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { type Listening, type Probe, waitUntilReady } from "../readiness.ts";
import { findLaunches } from "./found-launches.ts";
import { lastWords } from "./last-words.ts";
import { beginLaunch, type LaunchSpec, readOutput, stopLaunch } from "./launch.ts";
import { screenSocket } from "./screen-socket.ts";

/** How it is known that a web application is ready: its HTTP answers. */
export type LaunchReadiness = Listening & {
  /** Path to ask for; `/` unless told. */
  readonly path?: string;
  /** Ms. */
  readonly within: number;
};

type StartSpec = LaunchSpec & { readonly readiness?: LaunchReadiness };

/**
 * Starts an application and waits until it is ready. Rejects `launch_failed` with the last it said; then nothing of it runs.
 * A channel that is lost on the way leaves the launch to be found.
 */
export async function startLaunch(
  channel: Channel,
  spec: StartSpec,
  { clock, signal }: { clock: Clock; signal?: AbortSignal },
): Promise<void> {
  await beginLaunch(channel, spec);
  const { launchId } = spec;
  const ready = readyOf(spec);
  if (ready === undefined) return;
  const waiting = {
    within: ready.within,
    clock,
    hopeless: () => ended(channel, launchId),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    await waitUntilReady(channel, [ready.probe], waiting);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "readiness_failed" && code !== "cancelled") throw error;
    const said = lastWords(await readOutput(channel, launchId));
    await stopLaunch(channel, launchId);
    if (code === "cancelled") throw error;
    throw new ProvisioningError("launch_failed", `${messageOf(error)}${said === "" ? "" : `\n${said}`}`, { cause: error });
  }
}

/** How long a display may take to be there, ms: it takes some 20 on a quiet machine. */
const DISPLAY_WITHIN = 30_000;

function readyOf({ launchId, kind, readiness }: StartSpec): { readonly probe: Probe; readonly within: number } | undefined {
  if (readiness !== undefined)
    return { probe: { kind: "http", path: readiness.path ?? "/", ...listening(readiness) }, within: readiness.within };
  return kind === "desktop" ? { probe: { kind: "port", socket: screenSocket(launchId) }, within: DISPLAY_WITHIN } : undefined;
}

function listening(readiness: LaunchReadiness): Listening {
  return "port" in readiness ? { port: readiness.port } : { socket: readiness.socket };
}

async function ended(channel: Channel, launchId: string): Promise<string | undefined> {
  const launch = (await findLaunches(channel)).find((each) => each.launchId === launchId);
  return launch?.state === "exited" ? `the application ended with ${launch.exit}` : undefined;
}
