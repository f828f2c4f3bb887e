import type { EngineContext } from "./engine-context.ts";

export interface Bandwidth {
  readonly ingress: number;
  readonly egress: number;
}

export interface GuardContext extends EngineContext {
  /** Reference of the guard's image; resolves when it is there. */
  guardImage(): Promise<string>;
  /** The engine's network that guards are on. */
  readonly network: string;
}

export interface GuardOptions {
  readonly role?: "guard" | "build-guard";
  /** `name:address` entries of the hosts file that the pair shares. */
  readonly hosts?: readonly string[];
  /** `unlimited` for builds; without it the guard's own default holds until `setBandwidth`. */
  readonly bandwidth?: Bandwidth | "unlimited";
}
