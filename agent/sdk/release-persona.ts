import type { Receipt, WorkspaceView } from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import { followWorkspace, type Progress } from "./follow-workspace.ts";
import { presentView } from "./present-view.ts";
import type { Transport } from "./transport.ts";

export interface ReleaseOptions {
  /** Deletes a kept home too. */
  readonly withHome?: boolean | undefined;
  /** Why somebody else's workspace is given back: its person reads it. Needed there, and of no effect for one's own. */
  readonly reason?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function releaseBody({ withHome, reason }: Pick<ReleaseOptions, "withHome" | "reason">) {
  return { ...(withHome === undefined ? {} : { with_home: withHome }), ...(reason === undefined ? {} : { reason }) };
}

/** Gives a workspace back; resolves with the receipt when nothing of it runs. Asking again for one that is already given back gives the same receipt. */
export async function releaseWorkspace(transport: Transport, id: string, options: ReleaseOptions = {}): Promise<Receipt> {
  const view = await transport.json<WorkspaceView>("POST", `/workspaces/${encodeURIComponent(id)}/release`, {
    body: releaseBody(options),
    headers: { "idempotency-key": crypto.randomUUID() },
    repeatable: true,
    signal: options.signal,
  });
  // From the beginning of what is kept: the broker's answer may carry no view, and reading the state settles it at once.
  const since = view?.revision;
  for await (const progress of followWorkspace(transport, id, { signal: options.signal, ...(since === undefined ? {} : { since }) })) {
    options.onProgress?.(progress);
    const present = await presentView(transport, progress, (state) => state === "released", options.signal);
    if (present?.state !== "released") continue;
    if (present.receipt === undefined) throw new AgentError("internal", "The workspace was given back without a receipt.");
    return present.receipt;
  }
  throw new AgentError("internal", "The event stream ended by itself.");
}
