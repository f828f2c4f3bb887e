import { decide, type PermissionId, type Principal, type Resource } from "#access";
import type { Services } from "./services.ts";

/** Watches whether an open stream is still permitted: who it is for is looked up anew at each heartbeat. */
export class StreamGuard {
  readonly #services: Services;
  readonly #permission: PermissionId;
  readonly #resource: Resource;
  readonly #lost: () => void;
  #principal: Principal | undefined;
  #stopped = false;
  #cancel: () => void = () => {};

  constructor(services: Services, options: { principal: Principal; permission: PermissionId; resource: Resource; lost: () => void }) {
    this.#services = services;
    this.#principal = options.principal;
    this.#permission = options.permission;
    this.#resource = options.resource;
    this.#lost = options.lost;
    this.#schedule();
  }

  /** As of the last look. */
  get principal(): Principal | undefined {
    return this.#principal;
  }

  /** By what was known at the last look, and the clock. */
  permitted(): boolean {
    const principal = this.#principal;
    if (principal === undefined || this.#services.clock.now() >= principal.streamsUntil) return false;
    return decide(this.#permission, principal, this.#resource).allowed;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #schedule(): void {
    const { clock, limits } = this.#services;
    const timer = clock.after(limits.heartbeat, () => void this.#look(), { unref: true });
    this.#cancel = () => timer.cancel();
  }

  async #look(): Promise<void> {
    if (this.#principal !== undefined) {
      try {
        this.#principal = await this.#services.refresh(this.#principal);
      } catch (error) {
        // What cannot be looked up is not permitted: the stream ends, and its reader signs in anew.
        this.#services.log.warn({ err: error }, "a stream's person could not be looked up");
        this.#principal = undefined;
      }
    }
    if (this.#stopped) return;
    if (this.permitted()) return this.#schedule();
    this.stop();
    this.#lost();
  }
}
