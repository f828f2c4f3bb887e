import { type Log, messageOf } from "#foundation";
import type { BuildReport, ImageLayer } from "#provisioning";
import { carry } from "../box/carry.ts";
import { withCleanBox } from "../box/clean-box.ts";
import { type Closing, closeScript, closingDigest } from "../box/close-script.ts";
import { CLOSED, type DoneInBox, inBox } from "../box/in-box.ts";
import { runInBox } from "../box/run-in-box.ts";
import { type BoxWork, runTwoPhases } from "../box/two-phases.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { type Grown, type KeptContents, packContents } from "../contents/image-contents.ts";
import { listContents } from "../contents/list-contents.ts";
import { MANAGERS } from "../managers/index.ts";
import type { LayerManager } from "../managers/layer-manager.ts";
import { node } from "../managers/node.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openAll } from "../mirrors/open-mirrors.ts";
import { carryWheel } from "../sources/carry-wheel.ts";
import { InstallFailure } from "../sources/install-failure.ts";
import { Swallowed } from "../sources/swallowed.ts";
import { triedOf, tryImage } from "../trial/try-image.ts";
import { type ChainLayer, wheelsOf } from "./layer-chain.ts";
import { phaseTimes } from "./phase-times.ts";
import { requireDisplay } from "./wants-display.ts";

export interface LayerBuild {
  readonly site: BuildSite;
  readonly log: Log;
  readonly mirrors: HostMirrors;
  /** Reference of the image to build on. */
  readonly parent: string;
  readonly layer: ChainLayer;
  /** The plan's layers: what the closing layer asks the image about. */
  readonly asked: readonly ImageLayer[];
  /** What the closing layer carries into the image. */
  readonly closing: Closing;
  /** What is in an image that was closed before, and only gets newer files of Guise. */
  readonly known?: KeptContents;
  /** What is kept of how the image came about. */
  readonly grown?: Grown | undefined;
  /** What was tried in the image that it grew from: all of that is below. */
  readonly before?: KeptContents | undefined;
  /** Reference of what the layer is fetched in, apart from the layers below it, where something opens the mirrors. */
  readonly clean?: string | undefined;
  /** Reference of what has compilers, for packages that cannot be installed without. */
  readonly workshop?: string;
}

interface Work extends BoxWork {
  readonly build: LayerBuild;
}

/** Builds one layer in a box of its own: fetch with the mirrors open, install with the network closed, store. On rejection nothing is left. */
export async function buildLayer(build: LayerBuild, report: BuildReport, signal: AbortSignal): Promise<DoneInBox<void>> {
  const { site, parent, log, layer, mirrors } = build;
  const times = phaseTimes();
  const open = await openAll(mirrors);
  const fetchesHere = layer.maker !== "close" && build.clean === undefined;
  const made = await inBox({ site, parent, open: fetchesHere ? open : CLOSED, log }, async (box) => {
    times.ended("start");
    await fill({ build, box, open, times, report, signal });
  });
  log.info({ application: layer.application, maker: layer.maker, ms: times.all() }, "image layer built");
  return made;
}

async function fill(work: Work): Promise<void> {
  const { build, box, times, report, signal } = work;
  const contents = build.layer.maker === "close" ? await close(work) : await install(work);
  signal.throwIfAborted();
  times.ended("install");
  report.progress(`${titleOf(build.layer)}: storing the layer`, 85);
  await box.store(build.layer.address, contents === undefined ? "" : await packContents(contents));
  times.ended("commit");
}

async function close(work: Work): Promise<KeptContents> {
  const { build, box, signal } = work;
  const contents = build.known ?? (await listAndTry(work));
  await runInBox(box, ["-s"], { input: closeScript(build.closing), failure: "the image could not be closed", signal });
  return { ...contents, closing: closingDigest(build.closing) };
}

/** Before an image is closed what it offers has been loaded once: in a box of its own, for packages' code runs there. */
async function listAndTry({ build, box, report, signal }: Work): Promise<KeptContents> {
  const { site, parent, log, asked, before, grown } = build;
  report.progress("The image: trying what it offers", 20);
  const listing = listContents(box, asked, signal).then((contents) => {
    requireDisplay(contents, asked);
    return contents;
  });
  // Where the other box cannot be had, that is what is told.
  listing.catch(() => {});
  const { done, removed } = await inBox({ site, parent, open: CLOSED, log }, async (trial) => {
    return tryImage(trial, { ...(await listing), asked, before, log }, signal);
  });
  await removed.catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "the box of a trial could not be removed"));
  return { ...done, tried: triedOf(asked), grown };
}

async function install(work: Work): Promise<undefined> {
  const { workshop } = work.build;
  if (workshop !== undefined) return installFromWorkshop(work, workshop);
  await installIn(work, work.box);
}

/** Rejects with the package and the reason in one sentence, where they can be told. */
async function installIn(work: Work, box: BuildBox): Promise<void> {
  const { layer, mirrors, site, log, clean } = work.build;
  const failure = new InstallFailure(layer, titleOf(layer));
  const swallowed = new Swallowed();
  const onWords = (line: string) => swallowed.push(line) || failure.push(line);
  const phases = { ...work, box, mirrors, layer, scripts: scriptsOf(layer), title: titleOf(layer), onWords };
  await withCleanBox({ site, log, clean, open: work.open }, async (apart) => {
    for (const wheel of wheelsOf(layer)) await carryWheel({ site, log, wheel, to: apart ?? box, signal: work.signal });
    await runTwoPhases({ ...phases, apart });
  }).catch((error) => {
    throw failure.told(error);
  });
  swallowed.require(layer.accepts ?? []);
}

/** What needs compilers is installed where there are some, and carried over without them. */
async function installFromWorkshop(work: Work, workshop: string): Promise<undefined> {
  const { box: to, build, signal } = work;
  const { layer, site, log } = build;
  const { removed } = await inBox({ site, parent: workshop, open: build.clean === undefined ? work.open : CLOSED, log }, async (from) => {
    await installIn(work, from);
    const send = ["-c", 'tar -C "$0" -cf - .', layer.target];
    const take = ["-c", 'mkdir -p "$0"; tar -C "$0" --no-same-owner -xf -', layer.target];
    await carry({ from, to, send, take, what: titleOf(layer), signal });
  });
  await removed.catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "a workshop's box could not be removed"));
  const input = `target=${layer.target}\n${scriptsOf(layer).link ?? ""}\n`;
  await runInBox(to, ["-s"], { input, failure: `${titleOf(layer)} could not be linked:`, signal });
}

function scriptsOf({ maker }: ChainLayer): LayerManager {
  return maker === "close" ? node : MANAGERS[maker];
}

function titleOf(layer: ChainLayer): string {
  return layer.application === "" ? "The image" : layer.application;
}
