/** The public registry of errors. A code never changes its meaning; nobody reads the message to tell errors apart. */
export interface ErrorEntry {
  readonly status: number;
  /** Whose fault: the caller's, or ours (Guise or its engine). */
  readonly fault: "caller" | "guise";
  readonly retry: "no" | "later" | "now";
  /** What the code means, in one sentence. */
  readonly meaning: string;
  readonly remedy: string;
}

export const ERRORS = {
  invalid: {
    status: 400,
    fault: "caller",
    retry: "no",
    meaning: "The request is not well formed.",
    remedy: "Correct the places named under `problems`.",
  },
  invalid_persona: {
    status: 422,
    fault: "caller",
    retry: "no",
    meaning: "The persona definition has errors; nothing was stored.",
    remedy: "Correct each problem listed and publish again.",
  },
  not_supported_here: {
    status: 422,
    fault: "caller",
    retry: "no",
    meaning: "The persona promises or restricts something that this installation does not enforce.",
    remedy: "Remove the part that is named, or use an installation that enforces it.",
  },
  source_not_registered: {
    status: 422,
    fault: "caller",
    retry: "no",
    meaning: "A reference has no provider in this installation.",
    remedy: "Ask an operator to register the data source or secret.",
  },
  not_authenticated: {
    status: 401,
    fault: "caller",
    retry: "no",
    meaning: "No valid access token came with the request.",
    remedy: "Sign in again: guise login",
  },
  not_permitted: {
    status: 403,
    fault: "caller",
    retry: "no",
    meaning: "The signed-in person may not do this.",
    remedy: "Ask the owner of the group, or an operator, for the right that is named.",
  },
  closed_by_persona: {
    status: 403,
    fault: "caller",
    retry: "no",
    meaning: "The persona keeps this way into its workspaces, or out of them, closed.",
    remedy: "Use a way that it leaves open; its authors set clipboard and file_transfer in access_controls.",
  },
  not_found: {
    status: 404,
    fault: "caller",
    retry: "no",
    meaning: "There is no such thing, or it is not yours.",
    remedy: "List what there is: guise ps, guise persona list",
  },
  ambiguous: {
    status: 409,
    fault: "caller",
    retry: "no",
    meaning: "Several workspaces match.",
    remedy: "Name the environment or the workspace.",
  },
  parameters_differ: {
    status: 409,
    fault: "caller",
    retry: "no",
    meaning: "The workspace exists with other parameters.",
    remedy: "Give it back first, or ask for another with --name.",
  },
  conflict: {
    status: 409,
    fault: "caller",
    retry: "now",
    meaning: "Somebody else changed this meanwhile, or its state does not allow it.",
    remedy: "Look at the present state and try again.",
  },
  idempotency_conflict: {
    status: 409,
    fault: "caller",
    retry: "no",
    meaning: "The Idempotency-Key was used for another request.",
    remedy: "Use a new key for a new request.",
  },
  insufficient_resources: {
    status: 409,
    fault: "caller",
    retry: "later",
    meaning: "The resources asked for are not free, or can never be.",
    remedy: "Wait in the queue, or ask for less.",
  },
  too_many_workspaces: {
    status: 409,
    fault: "caller",
    retry: "later",
    meaning: "One person has, or waits for, as many workspaces as one may here.",
    remedy: "Give back what you no longer need (guise ps, guise release), or ask an operator for more.",
  },
  persona_not_usable: {
    status: 409,
    fault: "caller",
    retry: "later",
    meaning: "The persona has no usable version.",
    remedy: "Look at its build: guise persona show",
  },
  persona_retired: {
    status: 409,
    fault: "caller",
    retry: "no",
    meaning: "The persona is retired: nobody can request it, and nothing is published of it.",
    remedy: "Take another one, or ask an author of its group to take that back: guise persona retire PERSONA --back",
  },
  persona_in_use: {
    status: 409,
    fault: "caller",
    retry: "later",
    meaning: "There are workspaces or kept homes of the persona.",
    remedy: "Wait until they are given back and deleted; an operator may do both: guise ps --everyone, guise admin homes",
  },
  invalid_arguments: {
    status: 422,
    fault: "caller",
    retry: "no",
    meaning: "The command or one of its arguments is none that a program can be given.",
    remedy: "Leave out what the detail names; a NUL character cannot stand in an argument.",
  },
  method_not_allowed: {
    status: 405,
    fault: "caller",
    retry: "no",
    meaning: "The address does not take this method.",
    remedy: "Use one of the methods that Allow names; the API is described at /docs.",
  },
  too_slow: {
    status: 408,
    fault: "caller",
    retry: "now",
    meaning: "The request did not arrive in time.",
    remedy: "Send it again, whole.",
  },
  unsupported_media_type: {
    status: 415,
    fault: "caller",
    retry: "no",
    meaning: "The body is of a media type that the address does not take.",
    remedy: "Send it as the detail says, with that Content-Type.",
  },
  head_too_large: {
    status: 431,
    fault: "caller",
    retry: "no",
    meaning: "The address and the headers of the request are longer than is accepted.",
    remedy: "Send fewer or shorter headers, cookies above all, or a shorter address: 16 KiB in all.",
  },
  payload_too_large: {
    status: 413,
    fault: "caller",
    retry: "no",
    meaning: "The body is larger than is accepted.",
    remedy: "Send less at once.",
  },
  misdirected: {
    status: 421,
    fault: "caller",
    retry: "no",
    meaning: "The request names a host that this listener does not serve.",
    remedy: "Use the address that Guise printed.",
  },
  too_many_requests: {
    status: 429,
    fault: "caller",
    retry: "later",
    meaning: "More requests than are accepted in this time.",
    remedy: "Wait as long as Retry-After says.",
  },
  application_not_found: {
    status: 404,
    fault: "caller",
    retry: "no",
    meaning: "The workspace has no such application.",
    remedy: "List its applications: guise ps --json",
  },
  launch_failed: {
    status: 502,
    fault: "guise",
    retry: "now",
    meaning: "The application did not start.",
    remedy: "Look at its output, named in the detail.",
  },
  workspace_not_ready: {
    status: 409,
    fault: "caller",
    retry: "later",
    meaning: "The workspace is not ready.",
    remedy: "Look at its state: guise why; a suspended one: guise resume",
  },
  file_not_found: {
    status: 404,
    fault: "caller",
    retry: "no",
    meaning: "There is no such file in the workspace.",
    remedy: "Look at the folder: guise exec … -- ls",
  },
  file_exists: {
    status: 412,
    fault: "caller",
    retry: "no",
    meaning: "Something has that name already, and the request was to replace nothing.",
    remedy: "Take another name, or ask again without If-None-Match.",
  },
  offset_differs: {
    status: 409,
    fault: "caller",
    retry: "now",
    meaning: "The upload does not stand where the piece begins, or has no room for it.",
    remedy: "Ask where it stands (HEAD), and send from there.",
  },
  digest_differs: {
    status: 400,
    fault: "caller",
    retry: "now",
    meaning: "What arrived is not what its digest says; nothing of it was kept.",
    remedy: "Send the same piece again.",
  },
  storage_full: {
    status: 507,
    fault: "caller",
    retry: "no",
    meaning: "There is no room left where it is written inside the workspace.",
    remedy: "Remove what is not needed there, or request a persona with more storage.",
  },
  file_failed: {
    status: 409,
    fault: "caller",
    retry: "no",
    meaning: "The file could not be read or written inside the workspace.",
    remedy: "Look at the reason in the detail.",
  },
  workspace_failed: {
    status: 409,
    fault: "guise",
    retry: "later",
    meaning: "The workspace failed for a reason that retrying by itself will not mend.",
    remedy: "Look at the reason: guise why; then give it back or request it again.",
  },
  engine_unreachable: {
    status: 503,
    fault: "guise",
    retry: "later",
    meaning: "The container engine does not answer.",
    remedy: "Look at the engine: guise admin status",
  },
  unavailable: { status: 503, fault: "guise", retry: "later", meaning: "Guise is starting or stopping.", remedy: "Try again in a moment." },
  internal: { status: 500, fault: "guise", retry: "later", meaning: "A fault in Guise.", remedy: "Report it with the request id." },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** One thing that is wrong with a document, and where. */
export interface Problem {
  /** JSON path such as `$.resource_requirements.cpu`, or `line 3, column 7` for text that is not JSON. */
  readonly path: string;
  readonly code:
    | "syntax"
    | "unknown_field"
    | "missing"
    | "wrong_type"
    | "wrong_value"
    | "unknown_name"
    | "not_supported_here"
    | "source_not_registered"
    | "not_permitted"
    | "too_large";
  /** The reason, for people, with the value that was found. */
  readonly message: string;
  /** The nearest right name or value, where there is one. */
  readonly suggestion?: string;
}

/** RFC 9457 problem details as Guise sends them. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly fault: "caller" | "guise";
  readonly retry: "no" | "later" | "now";
  readonly remedy: string;
  readonly request_id?: string;
  readonly problems?: readonly Problem[];
  /** Typed extra facts of the code, e.g. `largest` of insufficient_resources or `candidates` of ambiguous. */
  readonly [extra: string]: unknown;
}
