import { CodedError } from "#foundation";

/** Why an engine cannot be used: Guise's own, or a foreign one. Each message ends with what to type. */
export const ENGINE_ERRORS = {
  not_root: "Only root may run an engine of its own, or set up homes on another one.",
  tool_missing: "A program that the engine needs is not installed.",
  folder_closed: "The remapped engine cannot reach its own folder.",
  path_too_long: "The folder's path is too long for a unix socket.",
  no_free_subnet: "Every subnet that could be used is taken on this machine.",
  no_free_range: "Every range of user ids that could be used is taken on this machine.",
  kernel_lacks: "The kernel refused something that the engine needs.",
  state_damaged: "The engine's own record cannot be read.",
  engine_failed: "The engine did not start, or did not stop.",
  foreign_silent: "Nobody answers on the foreign engine's socket.",
  foreign_elsewhere: "The foreign engine is not on this machine.",
  foreign_unsuited: "The foreign engine is set up in a way that Guise cannot use.",
  cancelled: "The work was cancelled.",
} as const satisfies Readonly<Record<string, string>>;

export type EngineErrorCode = keyof typeof ENGINE_ERRORS;

export class EngineError extends CodedError<EngineErrorCode> {
  override readonly name = "EngineError";
}
