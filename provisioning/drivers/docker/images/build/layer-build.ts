import { messageOf } from "#foundation";
import { type BuildReport, type ImageLayer, ProvisioningError } from "#provisioning";
import type { GuardContext } from "../../guard.ts";
import type { InsideFile } from "../base/base-plan.ts";
import { type ImageContents, packContents } from "../image-contents.ts";
import type { ChainLayer } from "../layer-chain.ts";
import { MANAGERS } from "../managers/index.ts";
import type { LayerManager } from "../managers/layer-manager.ts";
import { node } from "../managers/node.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openMirrors } from "../mirrors/open-mirrors.ts";
import { BuildContainer, type LineKind } from "./build-container.ts";
import {
  BUILD_FOLDER,
  type BuildFile,
  buildVariables,
  FETCHED_FOLDER,
  forgetSecretsScript,
  layerFiles,
  phaseScript,
  setupScript,
} from "./build-files.ts";
import { BuildNetwork } from "./build-network.ts";
import { closeScript } from "./close-script.ts";
import { commitLayer, type ImageName } from "./commit-layer.ts";
import { keyRings } from "./key-rings.ts";
import { listContents } from "./list-contents.ts";
import { type PhaseTimes, phaseTimes } from "./phase-times.ts";

export interface LayerBuild {
  readonly context: GuardContext;
  readonly mirrors: HostMirrors;
  /** Addresses and ranges of the host and of Guise that no build reaches. */
  readonly own: readonly string[];
  /** Image to build on. */
  readonly parent: string;
  readonly layer: ChainLayer;
  /** The plan's layers: what the closing layer asks the image about. */
  readonly asked: readonly ImageLayer[];
  /** Files that the closing layer carries into the image. */
  readonly inside: readonly InsideFile[];
  readonly name: ImageName;
}

/** A layer that is committed; `removed` settles when its pair is gone too, which takes as long as the layer is large. */
export interface BuiltLayer {
  readonly removed: Promise<void>;
}

/** Builds one layer in a pair of its own: fetch with the mirrors open, install with the network closed, commit. On rejection nothing is left. */
export async function buildLayer(build: LayerBuild, report: BuildReport, signal: AbortSignal): Promise<BuiltLayer> {
  const times = phaseTimes();
  const mirrors = await openMirrors(build.mirrors.reach, build.mirrors.proxies);
  const network = await BuildNetwork.start(build.context, mirrors, build.own);
  let container: BuildContainer | undefined;
  const remove = async () => {
    try {
      await container?.remove();
    } finally {
      await network.end();
    }
  };
  try {
    container = await BuildContainer.start(build.context, build.parent, network.guard);
    times.ended("start");
    await fill(build, { network, container, times, report, signal });
  } catch (error) {
    // what went wrong first is what is told
    await remove().catch((cause: unknown) =>
      build.context.log.warn({ cause: messageOf(cause) }, "a failed build's pair could not be removed"),
    );
    throw error;
  }
  build.context.log.info({ application: build.layer.application, maker: build.layer.maker, ms: times.all() }, "image layer built");
  return { removed: remove() };
}

async function fill(build: LayerBuild, pair: LayerPair): Promise<void> {
  const { container, times, report, signal } = pair;
  const contents = build.layer.maker === "close" ? await close(build, container, signal) : await install(build, pair);
  signal.throwIfAborted();
  times.ended("install");
  report.progress(`${title(build.layer)}: storing the layer`, 85);
  const comment = contents === undefined ? "" : await packContents(contents);
  await commitLayer(build.context, container.committable, build.name, comment);
  times.ended("commit");
}

async function close(build: LayerBuild, container: BuildContainer, signal: AbortSignal): Promise<ImageContents> {
  const contents = await listContents(container, build.asked, build.mirrors, signal);
  await container.run(["-s"], { input: closeScript(build.inside), failure: "the image could not be closed", signal });
  return contents;
}

interface LayerPair {
  readonly network: BuildNetwork;
  readonly container: BuildContainer;
  readonly times: PhaseTimes;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
}

async function install(build: LayerBuild, { network, container, times, report, signal }: LayerPair): Promise<undefined> {
  const { layer } = build;
  const maker = layer.maker === "node" || layer.maker === "close" ? node : MANAGERS[layer.maker];
  const rings = await keyRings(build.mirrors);
  const files = [...layerFiles(layer, build.mirrors, rings), script("fetch", maker), script("install", maker)];
  await container.run(["-s"], {
    input: setupScript(files, buildVariables(layer, build.mirrors)),
    failure: "the build could not begin",
    signal,
  });
  report.progress(`${title(layer)}: fetching`, 2);
  await network.openMirrors();
  try {
    await container.run([`${BUILD_FOLDER}/fetch`], {
      failure: `${title(layer)} could not be fetched:`,
      signal,
      onLine: follow(layer, maker, report, 2, 35),
    });
  } catch (error) {
    throw await fetchFailure(error, build, network, container, signal);
  }
  report.downloaded(times.ended("fetch"));
  await network.close(container, signal);
  await container.run(["-s"], {
    input: forgetSecretsScript(layer, build.mirrors, rings),
    failure: "the mirrors' passwords could not be forgotten",
    signal,
  });
  times.ended("close");
  report.progress(`${title(layer)}: installing`, 35);
  await container.run([`${BUILD_FOLDER}/install`], {
    failure: `${title(layer)} could not be installed:`,
    signal,
    onLine: follow(layer, maker, report, 35, 85),
  });
  await container.run(["-c", `rm -rf ${FETCHED_FOLDER}`], { failure: "what was fetched could not be removed", signal });
}

function script(phase: "fetch" | "install", maker: LayerManager): BuildFile {
  return { name: phase, content: phaseScript(maker[phase]) };
}

/** A line becomes progress where the manager's file reads it so, else a line of the log. */
function follow(layer: ChainLayer, maker: LayerManager, report: BuildReport, from: number, to: number): (line: string) => LineKind {
  return (line) => {
    const step = maker.readStep(line);
    if (step === undefined) {
      report.log(line);
      return "words";
    }
    const percent = step.percent === undefined ? undefined : from + (Math.min(step.percent, 100) / 100) * (to - from);
    report.progress(`${title(layer)}: ${step.message}`, percent);
    return "progress";
  };
}

const FETCHING = "fetch";

/** A fetch that failed although the mirrors answer: the package is not there, or a connection was lost on the way. Only trying again tells which. */
export function failedFetching(error: unknown): boolean {
  return error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.phase === FETCHING;
}

/** Tells packages that are not there (which retrying does not mend) from a mirror that does not answer, by asking the mirrors' ports. */
async function fetchFailure(
  error: unknown,
  build: LayerBuild,
  network: BuildNetwork,
  container: BuildContainer,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof ProvisioningError) || error.code !== "image_build_failed" || signal.aborted) return error;
  const open = await network.reachable(container, signal).catch(() => undefined);
  if (open === undefined || open.length > 0)
    return new ProvisioningError(error.code, error.message, { cause: error, detail: { ...error.detail, phase: FETCHING } });
  return new ProvisioningError("mirror_unreachable", `no package mirror answers; ${error.message}`, {
    cause: error,
    detail: { reach: build.mirrors.reach },
  });
}

function title(layer: ChainLayer): string {
  return layer.application === "" ? "The image" : layer.application;
}
