import { ERRORS, EXIT_CODES, type ExitCodeName } from "@guise/contract";
import { AgentError, type AgentErrorCode, LOCAL_ERRORS } from "../sdk/index.ts";
import { UsageError } from "./usage-error.ts";

/** Exit code per error code: every code of the registry has its row. */
export const EXITS: Readonly<Record<AgentErrorCode, ExitCodeName>> = {
  invalid: "usage",
  invalid_persona: "invalid_persona",
  not_supported_here: "invalid_persona",
  source_not_registered: "invalid_persona",
  not_authenticated: "not_permitted",
  not_permitted: "not_permitted",
  closed_by_persona: "not_permitted",
  not_found: "not_found",
  ambiguous: "usage",
  parameters_differ: "failed",
  conflict: "failed",
  idempotency_conflict: "failed",
  insufficient_resources: "insufficient_resources",
  too_many_workspaces: "insufficient_resources",
  persona_not_usable: "failed",
  persona_retired: "failed",
  persona_in_use: "failed",
  invalid_arguments: "usage",
  method_not_allowed: "failed",
  too_slow: "failed",
  unsupported_media_type: "failed",
  head_too_large: "failed",
  payload_too_large: "failed",
  misdirected: "failed",
  too_many_requests: "failed",
  application_not_found: "not_found",
  launch_failed: "failed",
  workspace_not_ready: "failed",
  file_not_found: "not_found",
  file_exists: "failed",
  offset_differs: "failed",
  digest_differs: "failed",
  storage_full: "failed",
  file_failed: "failed",
  workspace_failed: "failed",
  engine_unreachable: "unreachable",
  unavailable: "unreachable",
  internal: "failed",
  unreachable: "unreachable",
  aborted: "interrupted",
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof AgentError) return EXIT_CODES[EXITS[error.code]];
  return error instanceof UsageError ? EXIT_CODES.usage : EXIT_CODES.failed;
}

/** For the help text: "5 insufficient_resources". */
export function exitCodeTable(): string {
  return Object.entries(EXIT_CODES)
    .map(([name, code]) => `  ${String(code).padEnd(4)} ${name.replaceAll("_", " ")}`)
    .join("\n");
}

export const KNOWN_CODES: readonly AgentErrorCode[] = [
  ...(Object.keys(ERRORS) as AgentErrorCode[]),
  ...(Object.keys(LOCAL_ERRORS) as AgentErrorCode[]),
];
