import { createReadStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type BuildReport, ProvisioningError } from "#provisioning";
import { installationKey } from "../../engine/engine-layout.ts";
import type { EngineContext } from "../../engine-context.ts";
import { translated, unlessAbsent } from "../../engine-errors.ts";
import { LABELS } from "../../labels.ts";
import { JoinedWork } from "../joined-work.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { baseAddress } from "./base-plan.ts";
import { type BootstrapPlace, bootstrap, removeBootstrap } from "./bootstrap.ts";
import { readInsideFiles } from "./inside-files.ts";

/** Ids of the two images that everything else stands on. */
export interface BaseIds {
  readonly guard: string;
  readonly main: string;
}

/** Guard and main base images: content-addressed, made by mmdebstrap on the engine's host, imported through the engine's API. */
export class BaseImages {
  readonly #context: EngineContext;
  readonly #place: BootstrapPlace;
  readonly #joined = new JoinedWork<BaseIds>();

  constructor(context: EngineContext, place: BootstrapPlace) {
    this.#context = context;
    this.#place = place;
  }

  /** Both images, if they are there. */
  async find(suite: string): Promise<BaseIds | undefined> {
    const address = await this.#address(suite);
    const [guard, main] = await Promise.all((["guard", "main"] as const).map((root) => this.#id(this.#tag(root, address))));
    return guard === undefined || main === undefined ? undefined : { guard, main };
  }

  /** Both images, made when they are missing. A second call while one runs joins it. */
  async ensure(mirrors: HostMirrors, report: BuildReport, signal?: AbortSignal): Promise<BaseIds> {
    const found = await this.find(mirrors.suite);
    if (found !== undefined) return found;
    const address = await this.#address(mirrors.suite);
    return this.#joined.run(address, report, signal, (all, ended) => this.#make(address, mirrors, all, ended));
  }

  async #make(address: string, mirrors: HostMirrors, report: BuildReport, signal: AbortSignal): Promise<BaseIds> {
    report.progress("Making the base images", 0);
    const tars = await bootstrap(this.#place, mirrors, report, signal);
    try {
      report.progress("Importing the base images", 95);
      const [guard, main] = await Promise.all([this.#import("guard", address, tars.guard), this.#import("main", address, tars.main)]);
      report.progress("The base images are there", 100);
      return { guard, main };
    } finally {
      await removeBootstrap(this.#place.work);
    }
  }

  async #import(root: "guard" | "main", address: string, tar: string): Promise<string> {
    const { client, installation } = this.#context;
    const repository = this.#repository(root);
    await translated("image_build_failed", `the ${root} base image could not be imported`, async () => {
      const changes = [`LABEL ${LABELS.installation}=${installation} ${LABELS.role}=base`];
      const answer = await client.importImage(createReadStream(tar), { repo: repository, tag: address, changes });
      answer.resume();
      await finished(answer);
    });
    const id = await this.#id(`${repository}:${address}`);
    if (id === undefined) throw new ProvisioningError("image_build_failed", `the engine did not take the ${root} base image`);
    return id;
  }

  async #id(tag: string): Promise<string | undefined> {
    const image = await translated("engine_unreachable", "the engine did not say what images it has", () =>
      unlessAbsent(this.#context.client.getImage(tag).inspect()),
    );
    return image?.Id;
  }

  async #address(suite: string): Promise<string> {
    return baseAddress(suite, await readInsideFiles(this.#place.inside));
  }

  #repository(root: "guard" | "main"): string {
    return `guise-${installationKey(this.#context.installation)}/base-${root}`;
  }

  #tag(root: "guard" | "main", address: string): string {
    return `${this.#repository(root)}:${address}`;
  }
}
