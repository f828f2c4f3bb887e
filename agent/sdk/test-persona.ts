import {
  CHECK_OUTPUT,
  type CheckSeen,
  checksIn,
  faultOfCheck,
  type PersonaCheck,
  timeOfCheck,
  type VersionDetail,
  type WorkspaceView,
} from "@guise/contract";
import { AgentError } from "./agent-error.ts";
import type { Progress } from "./follow-workspace.ts";
import { requestWorkspace } from "./request-persona.ts";
import type { Transport } from "./transport.ts";
import { Workspace } from "./workspace.ts";

export interface TestOptions {
  /** A draft of one's own. */
  readonly version?: number | undefined;
  readonly environment?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after each, in order. */
  readonly onCheck?: ((result: CheckResult) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckResult {
  readonly check: PersonaCheck;
  /** What was expected and what was seen; absent: it passed. */
  readonly fault?: string;
  /** Ms. */
  readonly took: number;
}

export interface PersonaTest {
  readonly environment: string;
  readonly version: number;
  /** In the order of the persona; none where it has no checks. */
  readonly results: readonly CheckResult[];
}

/** Runs a version's checks in a workspace of its own, with the rights of who asks. It is given back with its home whatever happens. */
export async function testPersona(
  transport: Transport,
  persona_id: string,
  detail: VersionDetail,
  options: TestOptions,
): Promise<PersonaTest> {
  const environment = options.environment ?? detail.default_environment;
  const checks = checksIn(detail.definition, environment);
  const results: CheckResult[] = [];
  if (checks.length === 0) return { environment, version: detail.version, results };
  let held: WorkspaceView | undefined;
  try {
    const ready = await requestWorkspace(transport, persona_id, {
      ...{ environment, version: options.version, signal: options.signal, name: `test-${crypto.randomUUID().slice(0, 8)}` },
      onProgress(progress) {
        if (progress.kind === "workspace") held = progress.workspace;
        options.onProgress?.(progress);
      },
    });
    held = ready;
    const workspace = new Workspace(transport, ready);
    for (const check of checks) {
      const began = transport.parts.timing.now();
      const fault = faultOfCheck(check, await seenOf(transport, workspace, check, options.signal));
      const result = { check, took: transport.parts.timing.now() - began, ...(fault === undefined ? {} : { fault }) };
      results.push(result);
      options.onCheck?.(result);
    }
    return { environment, version: ready.version, results };
  } finally {
    if (held !== undefined) await new Workspace(transport, held).release({ withHome: true });
  }
}

/** Its output is taken up to a bound, and it is ended when its time is over. */
async function seenOf(
  transport: Transport,
  workspace: Workspace,
  check: PersonaCheck,
  signal: AbortSignal | undefined,
): Promise<CheckSeen> {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const text = { stdout: "", stderr: "" };
  const over = new AbortController();
  const cut = new AbortController();
  const session = await workspace.execStream({ command: ["sh", "-c", check.run] }, (stream, bytes) => {
    text[stream] += decoders[stream].decode(bytes, { stream: true });
    if (text[stream].length > CHECK_OUTPUT) cut.abort();
  });
  const stopped = AbortSignal.any([over.signal, cut.signal, ...(signal === undefined ? [] : [signal])]);
  const late = transport.parts.timing.wait(timeOfCheck(check), stopped);
  try {
    await session.end();
    const ended = await Promise.race([session.exit, late]);
    if (signal?.aborted === true) throw new AgentError("aborted", "The test was stopped.");
    return { ...text, isTooLong: cut.signal.aborted, ...(ended === undefined ? {} : { exit: ended.exit }) };
  } finally {
    over.abort();
    await session.signal("KILL").catch(() => {});
    session.close();
  }
}
