import { createReadStream } from "node:fs";
import { finished } from "node:stream/promises";
import { baseAddresses, type HostMirrors, JoinedWork, readInsideFiles } from "#building";
import { Limited } from "#foundation";
import { type BuildReport, ProvisioningError } from "#provisioning";
import { installationKey } from "../../engine/engine-layout.ts";
import type { EngineContext } from "../../engine-context.ts";
import { translated, unlessAbsent } from "../../engine-errors.ts";
import { LABELS } from "../../labels.ts";
import { type BootstrapPlace, bootstrap, removeBootstrap } from "./bootstrap.ts";

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
  /** All are made in one folder. */
  readonly #one = new Limited(1);

  constructor(context: EngineContext, place: BootstrapPlace) {
    this.#context = context;
    this.#place = place;
  }

  /** Both images, if they are there. */
  async find(suite: string): Promise<BaseIds | undefined> {
    const tags = await this.#tags(suite);
    const [guard, main] = await Promise.all([this.#id(tags.guard), this.#id(tags.main)]);
    return guard === undefined || main === undefined ? undefined : { guard, main };
  }

  /** Both images, made when they are missing. A second call while one runs joins it. */
  async ensure(mirrors: HostMirrors, report: BuildReport, signal?: AbortSignal): Promise<BaseIds> {
    const found = await this.find(mirrors.suite);
    if (found !== undefined) return found;
    return this.#joined.run(mirrors.suite, report, signal, (all, ended) => this.#one.run(() => this.#make(mirrors, all, ended)));
  }

  async #make(mirrors: HostMirrors, report: BuildReport, signal: AbortSignal): Promise<BaseIds> {
    const tags = await this.#tags(mirrors.suite);
    report.progress("Making the base images", 0);
    const tars = await bootstrap(this.#place, mirrors, report, signal);
    try {
      report.progress("Importing the base images", 95);
      const [guard, main] = await Promise.all([this.#import(tags.guard, tars.guard), this.#import(tags.main, tars.main)]);
      report.progress("The base images are there", 100);
      return { guard, main };
    } finally {
      await removeBootstrap(this.#place.work);
    }
  }

  /** An image that is there already (only the other one was missing) keeps its id, on which layers stand. */
  async #import(tag: string, tar: string): Promise<string> {
    const there = await this.#id(tag);
    if (there !== undefined) return there;
    const { client, installation } = this.#context;
    const at = tag.lastIndexOf(":");
    await translated("image_build_failed", "a base image could not be imported", async () => {
      const changes = [`LABEL ${LABELS.installation}=${installation} ${LABELS.role}=base`];
      const answer = await client.importImage(createReadStream(tar), { repo: tag.slice(0, at), tag: tag.slice(at + 1), changes });
      answer.resume();
      await finished(answer);
    });
    const id = await this.#id(tag);
    if (id === undefined) throw new ProvisioningError("image_build_failed", "the engine did not take a base image");
    return id;
  }

  async #id(tag: string): Promise<string | undefined> {
    const image = await translated("engine_unreachable", "the engine did not say what images it has", () =>
      unlessAbsent(this.#context.client.getImage(tag).inspect()),
    );
    return image?.Id;
  }

  async #tags(suite: string): Promise<{ readonly guard: string; readonly main: string }> {
    const { guard, main } = baseAddresses(suite, await readInsideFiles(this.#place.inside));
    const prefix = `guise-${installationKey(this.#context.installation)}/base`;
    return { guard: `${prefix}-guard:${guard}`, main: `${prefix}-main:${main}` };
  }
}
