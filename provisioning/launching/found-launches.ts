import { APPLICATION_KINDS, type ApplicationKind } from "@guise/contract";
import { z } from "zod";
import type { Channel } from "../channel.ts";
import { idOf, launchCommand } from "./launch.ts";

/** All of it is reported from inside: shown to people and compared, never trusted. */
export interface FoundLaunch {
  readonly launchId: string;
  readonly kind: ApplicationKind;
  readonly command: readonly string[];
  /** `lost`: it neither runs nor did its end get written down. */
  readonly state: "running" | "exited" | "lost";
  /** Ms since the epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** 128 + number when a signal ended it. */
  readonly exit?: number;
}

const MOST_LAUNCHES = 1000;
const MAXIMUM_OUTPUT = 4 * 2 ** 20;
const STATES = { running: "running", exited: "exited", gone: "lost" } as const;

const recordSchema = z.object({
  kind: z.enum(APPLICATION_KINDS),
  command: z.array(z.string().max(131_072)).min(1).max(1000),
});
const lineSchema = z.tuple([
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  z.enum(["running", "exited", "gone"]),
  z.string().regex(/^\d{0,15}$/),
  z.string().regex(/^(\d{1,3} \d{1,15})?$/),
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue("not JSON");
        return z.NEVER;
      }
    })
    .pipe(recordSchema),
]);

/** All launches of a sandbox that are known inside, also those of before a restart of Guise. What is not well formed is left out. */
export async function findLaunches(channel: Channel): Promise<readonly FoundLaunch[]> {
  const { stdout } = await channel.run(launchCommand(["list"]), { maximumOutput: MAXIMUM_OUTPUT });
  return parseLaunches(stdout);
}

export function parseLaunches(listing: string): readonly FoundLaunch[] {
  return listing
    .split("\n", MOST_LAUNCHES)
    .map((line) => lineSchema.safeParse(line.split("\t")))
    .flatMap(({ data }) => (data === undefined ? [] : [launchOf(data)]));
}

function launchOf([launchId, state, began, ending, record]: z.infer<typeof lineSchema>): FoundLaunch {
  const launch = { launchId, state: STATES[state], ...record };
  const started = began === "" ? launch : { ...launch, startedAt: Number(began) };
  return state === "exited" ? { ...started, ...endOf(ending) } : started;
}

function endOf(ending: string): { exit?: number; endedAt?: number } {
  const [exit, endedAt] = ending.split(" ").map(Number);
  return exit === undefined || endedAt === undefined ? {} : { exit, endedAt };
}

/** Resolves with the exit code when the launch has ended, or undefined when it is not known. Waits inside, without polling from here. */
export async function waitForExit(channel: Channel, launchId: string, signal?: AbortSignal): Promise<number | undefined> {
  const { stdout } = await channel.run(launchCommand(["wait", idOf(launchId)]), signal === undefined ? {} : { signal });
  const ending = /^(\d{1,3}) \d{1,15}\n$/.exec(stdout)?.[1];
  return ending === undefined ? undefined : Number(ending);
}
