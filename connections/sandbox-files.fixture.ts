import { silentLog, systemClock } from "#foundation";
import { SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { type OpenChannel, SharedChannels } from "./shared-channels.ts";

/** What stands in for a sandbox, whose files are worked with over shared channels. */
export class SandboxFiles {
  readonly open: OpenChannel;
  readonly #sandbox: SandboxLookalike;
  readonly #channels: SharedChannels;

  private constructor(sandbox: SandboxLookalike, share: Parameters<SharedChannels["lease"]>[1]) {
    this.#sandbox = sandbox;
    this.#channels = new SharedChannels({ connect: () => sandbox.connect(), clock: systemClock, log: silentLog });
    this.open = () => this.#channels.lease({ workspace: "w", generation: 1 }, share);
  }

  static async start(share: Parameters<SharedChannels["lease"]>[1] = "bulk"): Promise<SandboxFiles> {
    return new SandboxFiles(await SandboxLookalike.start(), share);
  }

  /** What a command inside prints. */
  async inside(command: string): Promise<string> {
    const { channel, release } = await this.open();
    const { stdout } = await channel.run(command);
    release();
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channels.close();
    await this.#sandbox[Symbol.asyncDispose]();
  }
}
