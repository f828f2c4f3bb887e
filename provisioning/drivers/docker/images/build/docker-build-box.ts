import type { Writable } from "node:stream";
import type { BoxExec, BuildBox, OpenMirrors } from "#building";
import type { GuardContext } from "../../guard.ts";
import { BuildContainer } from "./build-container.ts";
import { BuildNetwork } from "./build-network.ts";
import { commitLayer } from "./commit-layer.ts";

export interface BoxOptions {
  /** Reference of the image that it is made of. */
  readonly parent: string;
  readonly mirrors: OpenMirrors;
  /** Addresses and ranges of the host and of Guise that it never reaches. */
  readonly own: readonly string[];
  /** Where its layer is kept. */
  readonly repository: string;
}

/** A build's own pair: a guard that opens and closes the mirrors, and a container on its network. */
export class DockerBuildBox implements BuildBox {
  readonly #context: GuardContext;
  readonly #repository: string;
  readonly #network: BuildNetwork;
  readonly #container: BuildContainer;

  private constructor(context: GuardContext, repository: string, network: BuildNetwork, container: BuildContainer) {
    this.#context = context;
    this.#repository = repository;
    this.#network = network;
    this.#container = container;
  }

  static async open(context: GuardContext, { parent, mirrors, own, repository }: BoxOptions): Promise<DockerBuildBox> {
    const network = await BuildNetwork.start(context, mirrors, own);
    try {
      return new DockerBuildBox(context, repository, network, await BuildContainer.start(context, parent, network.guard));
    } catch (error) {
      // what went wrong first is what is told
      await network.end().catch(() => {});
      throw error;
    }
  }

  exec(args: readonly string[], options: BoxExec): Promise<number | null> {
    return this.#container.exec(args, options);
  }

  pipe(args: readonly string[], into: Writable, signal: AbortSignal): Promise<number | null> {
    return this.#container.pipe(args, into, signal);
  }

  openMirrors(): Promise<void> {
    return this.#network.openMirrors();
  }

  closeMirrors(): Promise<void> {
    return this.#network.closeMirrors();
  }

  async store(address: string, comment: string): Promise<void> {
    await commitLayer(this.#context, this.#container.committable, { repository: this.#repository, tag: address }, comment);
  }

  async remove(): Promise<void> {
    try {
      await this.#container.remove();
    } finally {
      await this.#network.end();
    }
  }
}
