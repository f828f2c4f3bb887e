import { ERRORS, type ErrorCode, type ProblemDetails, Refusal } from "@guise/contract";
import { CodedError, codeOf, plainText } from "#foundation";

/** Errors of the parts behind, in the words of the public registry. `shown`: their message is fit for the caller. */
const TRANSLATIONS: Readonly<Record<string, { readonly code: ErrorCode; readonly shown?: true }>> = {
  stale_revision: { code: "conflict" },
  stale_generation: { code: "conflict" },
  invalid_transition: { code: "conflict" },
  exists: { code: "conflict", shown: true },
  not_found: { code: "not_found" },
  not_usable: { code: "persona_not_usable" },
  database_full: { code: "unavailable" },
  engine_unreachable: { code: "engine_unreachable" },
  file_not_found: { code: "file_not_found", shown: true },
  file_failed: { code: "file_failed", shown: true },
  output_too_large: { code: "file_failed", shown: true },
  launch_failed: { code: "launch_failed", shown: true },
  sandbox_gone: { code: "workspace_not_ready" },
  channel_lost: { code: "workspace_not_ready" },
  // The pool's bound on streams into one workspace.
  refused_by_policy: { code: "too_many_requests", shown: true },
  cancelled: { code: "unavailable" },
  channel_hostile: { code: "workspace_not_ready" },
};

/** Faults that Fastify finds in a request before any route sees it. */
const REQUEST_FAULTS: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "payload_too_large",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid",
  FST_ERR_BAD_URL: "invalid",
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
};

/** The one translation of errors into what callers see. Whatever is not marked as fit for them becomes `internal`. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const code = codeOf(error) ?? "";
  const fault = Object.hasOwn(REQUEST_FAULTS, code) ? REQUEST_FAULTS[code] : undefined;
  if (fault !== undefined) return new Refusal(fault, error instanceof Error ? plainText(error.message, 300) : "", { cause: error });
  const translation = error instanceof CodedError && Object.hasOwn(TRANSLATIONS, code) ? TRANSLATIONS[code] : undefined;
  if (translation === undefined) return new Refusal("internal", ERRORS.internal.meaning, { cause: error });
  const message = translation.shown && error instanceof Error ? plainText(error.message, 2000) : ERRORS[translation.code].meaning;
  return new Refusal(translation.code, message, { cause: error });
}

/** RFC 9457, from the registry. */
export function problemOf(refusal: Refusal, requestId: string): ProblemDetails {
  const { status, fault, retry, meaning, remedy } = ERRORS[refusal.code];
  return {
    ...refusal.facts,
    type: `/docs#error-${refusal.code}`,
    title: meaning,
    status,
    detail: refusal.message,
    code: refusal.code,
    fault,
    retry,
    remedy,
    request_id: requestId,
    ...(refusal.problems.length > 0 ? { problems: refusal.problems } : {}),
  };
}
