import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { type Clock, delay, systemClock } from "#foundation";
import type { EngineContainer } from "./client.ts";
import type { EngineContext } from "./engine-context.ts";
import { promptly } from "./engine-errors.ts";
import { type ContainerRequest, checkContainer, checkExec, checkNetwork, type ExecRequest } from "./engine-policy.ts";

/*
 * The only places that create anything on the engine; a test keeps it so. Each passes the policy first.
 */

/** `devices` is the only folder whose devices may be mounted. */
export function createContainer(context: EngineContext, request: ContainerRequest, devices?: string): Promise<EngineContainer> {
  checkContainer(context.installation, request, devices);
  return promptly(context.client.createContainer(request.options));
}

export async function createNetwork(
  context: Pick<EngineContext, "client" | "installation">,
  options: Docker.NetworkCreateOptions,
): Promise<void> {
  checkNetwork(context.installation, options);
  await promptly(context.client.createNetwork(options));
}

export interface StartedExec {
  /** Framed by the engine; see `engineStream`. */
  readonly raw: Duplex;
  /** Once its streams have ended. Null: it goes on without them. */
  exitCode(): Promise<number | null>;
}

/** How often the engine is asked for the end of a program whose streams have ended, with pauses from `SHORTEST` to `LONGEST` ms: half a minute. */
const MOST_ASKED = 36;
const [SHORTEST, LONGEST] = [10, 1_000];

export async function startExec(container: EngineContainer, request: ExecRequest): Promise<StartedExec> {
  checkExec(request);
  const exec = await promptly(
    container.exec({
      Cmd: [...request.command],
      User: request.user,
      WorkingDir: "/",
      Env: [...(request.variables ?? [])],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    }),
  );
  const raw = await promptly(exec.start({ hijack: true, stdin: true }));
  return { raw, exitCode: () => exitCodeOf(exec) };
}

/** A busy engine takes note of a program's end some time after its streams have ended; until then it has no exit code. */
export async function exitCodeOf(exec: Pick<Docker.Exec, "inspect">, clock: Clock = systemClock): Promise<number | null> {
  for (let asked = 1; ; asked++) {
    const { Running, ExitCode } = await promptly(exec.inspect());
    if (!Running || asked === MOST_ASKED) return ExitCode;
    await delay(clock, Math.min(LONGEST, SHORTEST * 2 ** asked));
  }
}

/** The container's own standard streams; open them before the start and nothing is lost. */
export async function attachTo(container: EngineContainer): Promise<Duplex> {
  return (await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })) as unknown as Duplex;
}
