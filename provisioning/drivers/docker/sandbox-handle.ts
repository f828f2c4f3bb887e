import { type ChannelKeys, type Handle, type LiveGeneration, ProvisioningError } from "#provisioning";

/** What the driver keeps in a handle: enough to reach the sandbox again and to end it, even when it was half made. */
export interface SandboxHandle {
  /** Container id of the guard. */
  readonly guard: string;
  /** Engine name of the main container. */
  readonly main: string;
  readonly uid: number;
  readonly keys: ChannelKeys;
}

export const HANDLE_VERSION = 1;
export const DRIVER_NAME = "docker";

export function writeHandle(sandbox: LiveGeneration, content: SandboxHandle): Handle {
  const { workspace, generation, home } = sandbox;
  return { driver: DRIVER_NAME, version: HANDLE_VERSION, workspace, generation, home, opaque: { ...content } };
}

/** Rejects `sandbox_gone` for a handle that cannot be used: what it stands for cannot be reached any more. */
export function readHandle(handle: Handle): SandboxHandle {
  const content = tryReadHandle(handle);
  if (content === undefined)
    throw new ProvisioningError("sandbox_gone", "the handle of the sandbox cannot be read", {
      detail: { driver: handle.driver, version: handle.version },
    });
  return content;
}

/** The content, or undefined: the labels on the engine find the rest. */
export function tryReadHandle({ driver, version, opaque }: Handle): SandboxHandle | undefined {
  const { guard, main, uid, keys } = opaque;
  if (driver !== DRIVER_NAME || version !== HANDLE_VERSION) return undefined;
  if (typeof guard !== "string" || typeof main !== "string" || typeof uid !== "number" || !isKeys(keys)) return undefined;
  return { guard, main, uid, keys };
}

function isKeys(value: unknown): value is ChannelKeys {
  return typeof value === "object" && value !== null && "host" in value && "client" in value && isPair(value.host) && isPair(value.client);
}

function isPair(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "private" in value &&
    "public" in value &&
    typeof value.private === "string" &&
    typeof value.public === "string"
  );
}
