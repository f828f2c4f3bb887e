import { ERRORS, type ErrorCode, type Problem, type ProblemDetails, plainLines, plainText, Refusal } from "@guise/contract";
import { CodedError, codeOf } from "#foundation";

/** Errors of the parts behind, in the words of the public registry. `shown`: their message is fit for the caller. */
const TRANSLATIONS: Readonly<Record<string, { readonly code: ErrorCode; readonly shown?: true }>> = {
  stale_revision: { code: "conflict" },
  stale_generation: { code: "conflict" },
  invalid_transition: { code: "conflict" },
  exists: { code: "conflict", shown: true },
  not_found: { code: "not_found" },
  not_usable: { code: "persona_not_usable" },
  persona_retired: { code: "persona_retired" },
  database_full: { code: "unavailable" },
  engine_unreachable: { code: "engine_unreachable" },
  file_not_found: { code: "file_not_found", shown: true },
  file_exists: { code: "file_exists", shown: true },
  offset_differs: { code: "offset_differs", shown: true },
  digest_differs: { code: "digest_differs", shown: true },
  storage_full: { code: "storage_full", shown: true },
  file_failed: { code: "file_failed", shown: true },
  output_too_large: { code: "file_failed", shown: true },
  launch_failed: { code: "launch_failed", shown: true },
  unfit_arguments: { code: "invalid_arguments", shown: true },
  sandbox_gone: { code: "workspace_not_ready" },
  channel_lost: { code: "workspace_not_ready" },
  // The shared channels' bound on streams into one workspace.
  refused_by_policy: { code: "too_many_requests", shown: true },
  cancelled: { code: "unavailable" },
  channel_hostile: { code: "workspace_not_ready" },
};

/** Faults that Fastify finds in a request before any route sees it. */
const REQUEST_FAULTS: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "payload_too_large",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid",
  FST_ERR_BAD_URL: "invalid",
};

/** Where a body is not one at all, it is the place. */
const BODY_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { path: "$", code: "syntax", message: "the body is not JSON, or has members that no body may have" },
  FST_ERR_CTP_EMPTY_JSON_BODY: { path: "$", code: "missing", message: "the body is empty; its Content-Type promises JSON" },
};

/** The one translation of errors into what callers see. Whatever is not marked as fit for them becomes `internal`. */
export function refusalOf(error: unknown, bodyTypes: readonly string[] = []): Refusal {
  if (error instanceof Refusal) return error;
  const code = codeOf(error) ?? "";
  const fault = Object.hasOwn(REQUEST_FAULTS, code) ? REQUEST_FAULTS[code] : undefined;
  if (fault !== undefined) {
    const problem = BODY_PROBLEMS[code];
    const takes = bodyTypes.length === 0 ? "takes no body" : `takes ${bodyTypes.join(" or ")}`;
    const said = error instanceof Error ? plainText(error.message, 300) : "";
    const message = fault === "unsupported_media_type" ? `The address ${takes}. ${said}.` : said;
    return new Refusal(fault, message, { cause: error, ...(problem === undefined ? {} : { problems: [problem] }) });
  }
  const translation = error instanceof CodedError && Object.hasOwn(TRANSLATIONS, code) ? TRANSLATIONS[code] : undefined;
  if (translation === undefined) return new Refusal("internal", ERRORS.internal.meaning, { cause: error });
  const message = translation.shown && error instanceof Error ? plainLines(error.message, 2000) : ERRORS[translation.code].meaning;
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
    // Nothing points at places that are not there.
    remedy: refusal.code === "invalid" && refusal.problems.length === 0 ? "Correct what the detail says." : remedy,
    request_id: requestId,
    ...(refusal.problems.length > 0 ? { problems: refusal.problems } : {}),
  };
}
