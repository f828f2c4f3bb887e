import { type ParameterValues, type Priority, REASONS, type WorkspaceRequest, type WorkspaceView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { followWorkspace, type Progress } from "./follow-workspace.ts";
import { presentView } from "./present-view.ts";
import type { Transport } from "./transport.ts";

export interface RequestOptions {
  readonly environment?: string | undefined;
  /** A draft of one's own, by its number, to try it out. */
  readonly version?: number | undefined;
  /** Asks for another workspace of the same persona. */
  readonly name?: string | undefined;
  readonly parameters?: ParameterValues | undefined;
  /** false: rejects with insufficient_resources instead of queueing. */
  readonly wait?: boolean | undefined;
  readonly priority?: Priority | undefined;
  /** The person's own, before the persona's: a language tag ("de-AT"), and a zone of the IANA database. */
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
  /** true: launches what the persona's `launch` names, as soon as it is ready. */
  readonly launch?: boolean | undefined;
  /** Called in order; the answer of the broker comes first, as kind `workspace`. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops waiting (`aborted`); the workspace goes on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks for a persona and resolves with its workspace when that is ready. Throws AgentError: `insufficient_resources`, `not_permitted`,
 * `invalid`, `parameters_differ`, `workspace_failed` (facts: reason, workspace_id), `conflict` when it was given back meanwhile.
 */
export async function requestWorkspace(transport: Transport, persona_id: string, options: RequestOptions): Promise<WorkspaceView> {
  const { status, body: view } = await accepted(transport, persona_id, options);
  options.onProgress?.({ kind: "workspace", workspace: view });
  const ready = settled(view) ?? (await untilReady(transport, view, status === 202, options));
  return ready;
}

/** The broker's answer alone. Throws AgentError `persona_not_usable` where nothing of the persona can be used yet. */
export async function askForWorkspace(transport: Transport, persona_id: string, options: RequestOptions): Promise<WorkspaceView> {
  return transport.json<WorkspaceView>("POST", "/workspaces", {
    body: requestBody(persona_id, options),
    headers: { "idempotency-key": crypto.randomUUID() },
    repeatable: true,
    signal: options.signal,
  });
}

/** Ms between questions while the first version of the persona is being built. */
const BUILD_PERIOD = 1000;

/** The broker's answer. While the persona's first version is being built, who would wait is told how far it is; a refusal is not remembered under the key. */
async function accepted(transport: Transport, persona_id: string, options: RequestOptions) {
  const headers = { "idempotency-key": crypto.randomUUID() };
  for (;;) {
    try {
      const body = requestBody(persona_id, options);
      return await transport.jsonWithStatus<WorkspaceView>("POST", "/workspaces", {
        body,
        headers,
        repeatable: true,
        signal: options.signal,
      });
    } catch (error) {
      const build = options.wait === false ? undefined : buildUnderWay(error);
      if (build === undefined) throw error;
      options.onProgress?.({ kind: "build", ...build });
      await transport.parts.timing.wait(BUILD_PERIOD, options.signal);
      if (options.signal?.aborted === true) throw error;
    }
  }
}

function buildUnderWay(error: unknown): { percent?: number; message?: string } | undefined {
  if (!(error instanceof AgentError) || error.code !== "persona_not_usable" || error.facts.state !== "building") return undefined;
  const build = error.facts.build as { percent?: number; message?: string } | undefined;
  return {
    ...(typeof build?.percent === "number" ? { percent: build.percent } : {}),
    ...(typeof build?.message === "string" ? { message: build.message } : {}),
  };
}

function requestBody(persona_id: string, options: RequestOptions): WorkspaceRequest {
  return {
    persona_id,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.parameters === undefined ? {} : { parameters: { ...options.parameters } }),
    ...(options.wait === undefined ? {} : { wait: options.wait }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    ...(options.timeZone === undefined ? {} : { time_zone: options.timeZone }),
  };
}

/** Follows a workspace that is wanted ready until it is; `ours`: it was made by this request. */
export async function untilReady(
  transport: Transport,
  view: WorkspaceView,
  ours: boolean,
  options: Pick<RequestOptions, "onProgress" | "signal" | "wait">,
): Promise<WorkspaceView> {
  const id = view.workspace_id;
  for await (const progress of followWorkspace(transport, id, { since: view.revision, signal: options.signal })) {
    options.onProgress?.(progress);
    if (options.wait === false) await refuseQueueing(transport, id, ours, progress);
    const present = await presentView(transport, progress, mayBeSettled, options.signal);
    const done = present === undefined ? undefined : settled(present);
    if (done !== undefined) return done;
  }
  throw new AgentError("internal", "The event stream ended by itself.");
}

function mayBeSettled(state: WorkspaceView["state"]): boolean {
  return state !== "queued" && state !== "provisioning";
}

/** The view when it is ready, nothing while it is on the way; throws when it will not become ready. */
function settled(view: WorkspaceView): WorkspaceView | undefined {
  if (view.state === "ready") return view;
  const facts = { workspace_id: view.workspace_id, reason: view.reason, workspace: view };
  if (view.state === "failed") {
    throw new AgentError("workspace_failed", view.message ?? meaningOf(view) ?? "The workspace failed.", { facts });
  }
  if (view.desired === "released" || view.state === "releasing" || view.state === "released") {
    throw new AgentError("conflict", view.message ?? meaningOf(view) ?? "The workspace was given back meanwhile.", { facts });
  }
  if (view.desired === "suspended" && view.state === "suspended")
    throw new AgentError("conflict", "The workspace was suspended meanwhile.", { facts });
  return undefined;
}

function meaningOf(view: WorkspaceView): string | undefined {
  return Object.entries(REASONS).find(([reason]) => reason === view.reason)?.[1];
}

/** Room can be taken by another between the broker's advice and admission: who would not queue then learns it too, and leaves no request behind. */
async function refuseQueueing(transport: Transport, id: string, ours: boolean, progress: Progress): Promise<void> {
  if (progress.kind === "connection" || progress.kind === "build") return;
  const shown = progress.kind === "workspace" ? progress.workspace : progress;
  if (shown.reason !== "waiting_for_room" && shown.reason !== "waiting_in_line") return;
  if (shown.state !== undefined && shown.state !== "queued") return;
  if (ours) await transport.json("POST", `/workspaces/${encodeURIComponent(id)}/release`, { body: {}, repeatable: true });
  throw new AgentError("insufficient_resources", shown.message ?? REASONS[shown.reason], { facts: { reason: shown.reason } });
}
