import { codeOf, messageOf } from "#foundation";
import { ProvisioningError, type ProvisioningErrorCode } from "#provisioning";

/** HTTP status of an engine answer, or undefined when the engine gave none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** 404: there is no such object. For removals that is success. */
export const isAbsent = (error: unknown): boolean => statusOf(error) === 404;
/** 409: the object is in another state than the call needs (already being removed, still in use, not running). */
export const isConflict = (error: unknown): boolean => statusOf(error) === 409;

const CONNECTION_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "EACCES", "ETIMEDOUT", "ENOTSOCK", "UND_ERR_SOCKET"]);

/** No answer at all: the socket is missing, refuses, or closed in the middle of the call. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ProvisioningError) return error.code === "engine_unreachable";
  if (statusOf(error) !== undefined) return false;
  const code = codeOf(error);
  // Errors of child processes and files carry a path or a command; those of the engine's socket a system call on it.
  const onSocket =
    typeof error === "object" && error !== null && "syscall" in error && ["connect", "read", "write"].includes(String(error.syscall));
  return code !== undefined && CONNECTION_CODES.has(code) && (onSocket || code === "ECONNRESET" || code === "EPIPE");
}

/** The edge of the driver: whatever happened becomes a `ProvisioningError`; `code` is for what has no better one. */
export function asProvisioningError(error: unknown, code: ProvisioningErrorCode, message: string): ProvisioningError {
  if (error instanceof ProvisioningError) return error;
  if (isUnreachable(error)) return new ProvisioningError("engine_unreachable", "the engine does not answer", { cause: error });
  return new ProvisioningError(code, message, { cause: error, detail: { engine: messageOf(error), status: statusOf(error) } });
}

/** Awaits engine work and translates what it throws. */
export async function translated<T>(code: ProvisioningErrorCode, message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProvisioningError(error, code, message);
  }
}

/** Ms in which an engine answers a look-up, a create, a start or a removal; ten busy starts at once take 3 s each. */
const ANSWERS_WITHIN = 60_000;

/** For calls that an engine answers at once: one that takes them and says nothing counts as unreachable, or whoever asks waits for ever. */
export async function promptly<T>(answer: Promise<T>, within = ANSWERS_WITHIN): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ProvisioningError("engine_unreachable", `the engine gave no answer for ${within / 1000} s`)),
      within,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // What comes after all is nobody's concern any more.
    answer.catch(() => {});
  }
}

/** Awaits a removal or look-up: an absent object gives undefined instead of an error. */
export async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
