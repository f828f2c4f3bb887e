import type { OpenMirrors } from "#building";
import { type Guard, type GuardContext, startGuard } from "../../guard.ts";

/** The network of one build: closed, then open to the mirrors alone while packages are fetched, then closed for good. */
export class BuildNetwork {
  readonly #guard: Guard;
  readonly #mirrors: OpenMirrors;
  readonly #own: readonly string[];

  constructor(guard: Guard, mirrors: OpenMirrors, own: readonly string[]) {
    this.#guard = guard;
    this.#mirrors = mirrors;
    this.#own = own;
  }

  /** A guard of the build's own, for its hosts file names the mirrors; without a bandwidth limit. */
  static async start(context: GuardContext, mirrors: OpenMirrors, own: readonly string[]): Promise<BuildNetwork> {
    const guard = await startGuard(context, { role: "build-guard", hosts: mirrors.hosts, bandwidth: "unlimited" });
    return new BuildNetwork(guard, mirrors, own);
  }

  get guard(): string {
    return this.#guard.id;
  }

  /** The mirrors' addresses open even where they lie in a private range; what is Guise's own stays closed. */
  async openMirrors(): Promise<void> {
    const { allow } = this.#mirrors;
    await this.#guard.applyRules({ allow, openedRanges: allow.map(({ cidr }) => cidr) }, this.#own);
  }

  async closeMirrors(): Promise<void> {
    await this.#guard.applyRules({ allow: [], openedRanges: [] }, this.#own);
    await this.#guard.closeAll();
  }

  async end(): Promise<void> {
    await this.#guard.remove();
  }
}
