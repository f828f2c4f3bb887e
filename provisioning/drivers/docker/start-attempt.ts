import { codeOf } from "#foundation";
import { ProvisioningError, type SandboxSpec, type Started, type StartReport } from "#provisioning";
import type { EarlierParts } from "./earlier-parts.ts";
import { type EndContext, endSandbox } from "./end-sandbox.ts";
import { asProvisioningError } from "./engine-errors.ts";
import type { Guard } from "./guard.ts";
import { listObjects } from "./owned-objects.ts";
import { StartPhases } from "./start-phases.ts";
import { type StartContext, startSandbox } from "./start-sandbox.ts";
import type { HomeStore } from "./storage/home-store.ts";

export interface AttemptContext extends StartContext, EndContext {
  readonly homes: HomeStore;
  readonly earlier: EarlierParts;
}

/** One start from nothing to its first channel; on failure nothing of the generation is left, unless the engine is gone. */
export async function attemptStart(attempt: AttemptContext, spec: SandboxSpec, report: StartReport, signal: AbortSignal): Promise<Started> {
  let guard: Guard | undefined;
  const hadHome = await attempt.homes.exists(spec.home);
  try {
    signal.throwIfAborted();
    return await startSandbox(attempt, {
      spec,
      phases: new StartPhases(report, attempt.clock),
      clear: () => takeOver(attempt, spec, hadHome),
      storeHandle: (handle) => report.handle(handle),
      tookGuard: (taken) => {
        guard = taken;
      },
      signal,
    });
  } catch (error) {
    const failure = signal.aborted ? new ProvisioningError("cancelled", "the start was cancelled", { cause: error }) : failureOf(error);
    if (failure.code !== "engine_unreachable") await cleanUp(attempt, spec, hadHome, guard, failure);
    throw failure;
  }
}

const failureOf = (error: unknown): ProvisioningError => {
  const failure = asProvisioningError(error, "start_failed", "the sandbox did not start");
  // The first channel ends with its container: that the start failed is what the caller must know.
  return failure.code === "channel_lost"
    ? new ProvisioningError("start_failed", "the sandbox ended before its channel was open", { cause: failure })
    : failure;
};

/** Parts of an attempt that died are removed; who else runs on the home holds it, and is not ours to end. */
async function takeOver(attempt: AttemptContext, spec: SandboxSpec, hadHome: boolean): Promise<void> {
  if (hadHome) await mustBeFree(attempt, spec);
  if (!(await attempt.earlier.possible(spec.workspace))) return;
  const objects = await listObjects(attempt.context, { workspace: spec.workspace });
  if (objects.some(({ generation }) => generation === spec.generation))
    await endSandbox(attempt, spec, { grace: 0, keepHome: true, guard: undefined });
  else await attempt.storage.release(spec, "leave");
}

async function mustBeFree({ context }: AttemptContext, { workspace, generation, home }: SandboxSpec): Promise<void> {
  const objects = [...(await listObjects(context, { home })), ...(await listObjects(context, { workspace }))];
  const other = objects.find(
    (object) =>
      object.role === "main" &&
      object.isRunning &&
      object.home === home &&
      (object.workspace !== workspace || object.generation !== generation),
  );
  if (other === undefined) return;
  throw new ProvisioningError("storage_failed", `generation ${other.generation} of ${other.workspace} still runs on the home`, {
    detail: { workspace, home },
  });
}

async function cleanUp(
  attempt: AttemptContext,
  spec: SandboxSpec,
  keepHome: boolean,
  guard: Guard | undefined,
  failure: ProvisioningError,
): Promise<void> {
  try {
    await endSandbox(attempt, spec, { grace: 0, keepHome, guard: guard?.id });
  } catch (error) {
    // The caller destroys a failed generation as well, and the sweeper comes after him.
    attempt.context.log.warn({ error, failure: codeOf(failure), workspace: spec.workspace }, "a failed start left something behind");
  }
}
