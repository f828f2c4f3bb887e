import { ProvisioningError } from "#provisioning";
import { type Guard, type GuardContext, startGuard } from "../../guard.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import type { BuildContainer } from "./build-container.ts";

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

  /** Ends every permission, and proves it from inside the build. Rejects `network_failed` when any mirror still answers. */
  async close(build: BuildContainer, signal: AbortSignal): Promise<void> {
    await this.#guard.applyRules({ allow: [], openedRanges: [] }, this.#own);
    await this.#guard.closeAll();
    const open = await this.reachable(build, signal);
    if (open.length > 0)
      throw new ProvisioningError("network_failed", `the build's network did not close: ${open.join(", ")} still answers`);
  }

  /** Which of the mirrors' addresses answer from inside the build. */
  async reachable(build: BuildContainer, signal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    await build.run(["-s"], {
      input: probeScript(this.#mirrors.allow.map(({ cidr, port }) => `${cidr.replace(/\/\d+$/, "")} ${port}`)),
      failure: "the build's network could not be probed",
      signal,
      onLine: (line) => {
        if (line.startsWith("open ")) found.push(line.slice(5).replace(" ", ":"));
        return "words";
      },
    });
    return found;
  }

  async end(): Promise<void> {
    await this.#guard.remove();
  }
}

/** bash connects by itself; the guard resets what is closed, so this takes no time. */
function probeScript(targets: readonly string[]): string {
  const probe = "timeout 5 bash -c 'exec 3<>/dev/tcp/$0/$1' $target 2>/dev/null && echo open $target";
  return `for target in ${targets.map((target) => `'${target}'`).join(" ")}; do { ${probe}; } || :; done </dev/null\n`;
}
