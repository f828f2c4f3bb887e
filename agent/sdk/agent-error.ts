import { ERRORS, type ErrorCode, type Problem, type ProblemDetails } from "@guise/contract";

/** What can go wrong on this side of the wire, beside the codes of the public registry. */
export const LOCAL_ERRORS = {
  unreachable: {
    meaning: "Nothing answers there: Guise is stopped, or the way to it is cut.",
    remedy: "Look whether Guise runs: guise up",
  },
  aborted: { meaning: "The caller stopped waiting; what was asked for goes on.", remedy: "Ask again: the same request finds it." },
} as const;
export type AgentErrorCode = ErrorCode | keyof typeof LOCAL_ERRORS;

/** A workspace that a call could have meant. */
export interface Candidate {
  readonly workspace_id: string;
  readonly persona_id: string;
  readonly environment: string;
  readonly name: string;
  readonly state: string;
}

export interface AgentErrorDetails {
  /** HTTP status, where the broker answered. */
  readonly status?: number;
  readonly problems?: readonly Problem[];
  /** Further members of the problem details, such as `largest` of insufficient_resources. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly remedy?: string;
  readonly request_id?: string;
  /** Milliseconds after which trying again makes sense, when the broker said so. */
  readonly retry_after?: number;
  readonly cause?: unknown;
}

/** Every rejection of the SDK. Tell errors apart by `code`; the message is for people. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  readonly status: number | undefined;
  readonly problems: readonly Problem[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly remedy: string;
  readonly request_id: string | undefined;
  readonly retry_after: number | undefined;

  constructor(code: AgentErrorCode, message: string, details: AgentErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AgentError";
    this.code = code;
    this.status = details.status;
    this.problems = details.problems ?? [];
    this.facts = details.facts ?? {};
    this.remedy = details.remedy ?? entryOf(code).remedy;
    this.request_id = details.request_id;
    this.retry_after = details.retry_after;
  }

  /** What the code means, in one sentence. */
  get meaning(): string {
    return entryOf(this.code).meaning;
  }

  /** For `ambiguous`: the workspaces that match. */
  get candidates(): readonly Candidate[] {
    const listed = this.facts.candidates;
    return Array.isArray(listed) ? (listed as Candidate[]) : [];
  }
}

function entryOf(code: AgentErrorCode): { readonly meaning: string; readonly remedy: string } {
  return code in LOCAL_ERRORS ? LOCAL_ERRORS[code as keyof typeof LOCAL_ERRORS] : ERRORS[code as ErrorCode];
}

const CODES_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "invalid",
  401: "not_authenticated",
  403: "not_permitted",
  404: "not_found",
  405: "method_not_allowed",
  408: "too_slow",
  409: "conflict",
  413: "payload_too_large",
  415: "unsupported_media_type",
  421: "misdirected",
  422: "invalid",
  429: "too_many_requests",
  431: "head_too_large",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}

const NAMED_MEMBERS = new Set(["type", "title", "status", "detail", "code", "fault", "retry", "remedy", "request_id", "problems"]);

/** An AgentError from an answer that is not a success; a body that is no problem document is judged by its status. */
export function errorFromAnswer(status: number, body: string, retryAfter: string | null): AgentError {
  const problem = problemIn(body);
  const code = isErrorCode(problem?.code) ? problem.code : (CODES_BY_STATUS[status] ?? "internal");
  const facts = Object.fromEntries(Object.entries(problem ?? {}).filter(([name]) => !NAMED_MEMBERS.has(name)));
  const seconds = Number(retryAfter ?? Number.NaN);
  return new AgentError(code, textOf(problem?.detail) ?? textOf(problem?.title) ?? `Guise answered ${status}.`, {
    status,
    facts,
    ...(Array.isArray(problem?.problems) ? { problems: problem.problems } : {}),
    ...(textOf(problem?.remedy) === undefined ? {} : { remedy: String(problem?.remedy) }),
    ...(textOf(problem?.request_id) === undefined ? {} : { request_id: String(problem?.request_id) }),
    ...(Number.isFinite(seconds) ? { retry_after: seconds * 1000 } : {}),
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function problemIn(body: string): Partial<ProblemDetails> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Partial<ProblemDetails>) : undefined;
  } catch {
    return undefined;
  }
}

export function aborted(cause?: unknown): AgentError {
  return new AgentError("aborted", "The request was stopped by its caller.", { cause });
}

export function unreachable(broker: string, cause?: unknown): AgentError {
  return new AgentError("unreachable", `Guise at ${broker} does not answer.`, { cause });
}

/** Whether it is an AgentError with one of these codes. */
export function hasCode(error: unknown, ...codes: AgentErrorCode[]): error is AgentError {
  return error instanceof AgentError && codes.includes(error.code);
}
