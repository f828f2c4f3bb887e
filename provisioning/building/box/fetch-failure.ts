import { ProvisioningError } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import { reachableMirrors } from "./box-network.ts";

const FETCHING = "fetch";

export interface Fetching {
  readonly box: BuildBox;
  readonly open: OpenMirrors;
  /** URLs of the mirrors, for whoever looks into it. */
  readonly reach: readonly string[];
  readonly signal: AbortSignal;
}

/** A fetch that failed although the mirrors answer: the package is not there, or a connection was lost on the way. Only trying again tells which. */
export function failedFetching(error: unknown): boolean {
  return error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.phase === FETCHING;
}

/** Tells packages that are not there (which retrying does not mend) from a mirror that does not answer, by asking the mirrors' ports. */
export async function fetchFailure(error: unknown, { box, open, reach, signal }: Fetching): Promise<unknown> {
  if (!(error instanceof ProvisioningError) || error.code !== "image_build_failed" || signal.aborted) return error;
  const answering = await reachableMirrors(box, open, signal).catch(() => undefined);
  if (answering === undefined || answering.length > 0)
    return new ProvisioningError(error.code, error.message, { cause: error, detail: { ...error.detail, phase: FETCHING } });
  return new ProvisioningError("mirror_unreachable", `no package mirror answers; ${error.message}`, {
    cause: error,
    detail: { reach: reach.map(withoutLogin) },
  });
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
