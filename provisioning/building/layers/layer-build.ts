import { type Log, messageOf } from "#foundation";
import type { BuildReport, ImageLayer } from "#provisioning";
import type { InsideFile } from "../base/base-plan.ts";
import { closeForGood } from "../box/box-network.ts";
import {
  BUILD_FOLDER,
  type BuildFile,
  buildVariables,
  FETCHED_FOLDER,
  forgetSecretsScript,
  layerFiles,
  phaseScript,
  setupScript,
} from "../box/build-files.ts";
import { closeScript, closingDigest } from "../box/close-script.ts";
import { fetchFailure } from "../box/fetch-failure.ts";
import { keyRings } from "../box/key-rings.ts";
import { type LineKind, runInBox } from "../box/run-in-box.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { type ImageContents, packContents } from "../contents/image-contents.ts";
import { listContents } from "../contents/list-contents.ts";
import { MANAGERS } from "../managers/index.ts";
import type { LayerManager } from "../managers/layer-manager.ts";
import { node } from "../managers/node.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { type OpenMirrors, openMirrors } from "../mirrors/open-mirrors.ts";
import type { ChainLayer } from "./layer-chain.ts";
import { type PhaseTimes, phaseTimes } from "./phase-times.ts";

export interface LayerBuild {
  readonly site: BuildSite;
  readonly log: Log;
  readonly mirrors: HostMirrors;
  /** Reference of the image to build on. */
  readonly parent: string;
  readonly layer: ChainLayer;
  /** The plan's layers: what the closing layer asks the image about. */
  readonly asked: readonly ImageLayer[];
  /** Files that the closing layer carries into the image. */
  readonly inside: readonly InsideFile[];
  /** What is in an image that was closed before, and only gets newer files of Guise. */
  readonly known?: ImageContents;
}

/** A layer that is stored; `removed` settles when its box is gone too, which takes as long as the layer is large. */
export interface BuiltLayer {
  readonly removed: Promise<void>;
}

interface Work {
  readonly build: LayerBuild;
  readonly box: BuildBox;
  readonly open: OpenMirrors;
  readonly times: PhaseTimes;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
}

/** Builds one layer in a box of its own: fetch with the mirrors open, install with the network closed, store. On rejection nothing is left. */
export async function buildLayer(build: LayerBuild, report: BuildReport, signal: AbortSignal): Promise<BuiltLayer> {
  const times = phaseTimes();
  const open = await openMirrors(build.mirrors.reach, build.mirrors.proxies);
  const box = await build.site.open(build.parent, open);
  try {
    times.ended("start");
    await fill({ build, box, open, times, report, signal });
  } catch (error) {
    // what went wrong first is what is told
    await box.remove().catch((cause: unknown) => build.log.warn({ cause: messageOf(cause) }, "a failed build's box could not be removed"));
    throw error;
  }
  build.log.info({ application: build.layer.application, maker: build.layer.maker, ms: times.all() }, "image layer built");
  return { removed: box.remove() };
}

async function fill(work: Work): Promise<void> {
  const { build, box, times, report, signal } = work;
  const contents = build.layer.maker === "close" ? await close(work) : await install(work);
  signal.throwIfAborted();
  times.ended("install");
  report.progress(`${title(build.layer)}: storing the layer`, 85);
  const closing = closingDigest(build.inside);
  await box.store(build.layer.address, contents === undefined ? "" : await packContents({ ...contents, closing }));
  times.ended("commit");
}

async function close({ build, box, signal }: Work): Promise<ImageContents> {
  const contents = build.known ?? (await listContents(box, build.asked, build.mirrors, signal));
  await runInBox(box, ["-s"], { input: closeScript(build.inside), failure: "the image could not be closed", signal });
  return contents;
}

async function install({ build, box, open, times, report, signal }: Work): Promise<undefined> {
  const { layer, mirrors } = build;
  const maker = layer.maker === "node" || layer.maker === "close" ? node : MANAGERS[layer.maker];
  const rings = await keyRings(mirrors);
  const files = [...layerFiles(layer, mirrors, rings), script("fetch", maker), script("install", maker)];
  const input = setupScript(files, buildVariables(layer, mirrors));
  await runInBox(box, ["-s"], { input, failure: "the build could not begin", signal });
  report.progress(`${title(layer)}: fetching`, 2);
  await box.openMirrors();
  try {
    const onLine = follow(layer, maker, report, 2, 35);
    await runInBox(box, [`${BUILD_FOLDER}/fetch`], { failure: `${title(layer)} could not be fetched:`, signal, onLine });
  } catch (error) {
    throw await fetchFailure(error, { box, open, reach: mirrors.reach, signal });
  }
  report.downloaded(times.ended("fetch"));
  await closeForGood(box, open, signal);
  const forget = forgetSecretsScript(layer, mirrors, rings);
  await runInBox(box, ["-s"], { input: forget, failure: "the mirrors' passwords could not be forgotten", signal });
  times.ended("close");
  report.progress(`${title(layer)}: installing`, 35);
  const onLine = follow(layer, maker, report, 35, 85);
  await runInBox(box, [`${BUILD_FOLDER}/install`], { failure: `${title(layer)} could not be installed:`, signal, onLine });
  await runInBox(box, ["-c", `rm -rf ${FETCHED_FOLDER}`], { failure: "what was fetched could not be removed", signal });
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

function title(layer: ChainLayer): string {
  return layer.application === "" ? "The image" : layer.application;
}
