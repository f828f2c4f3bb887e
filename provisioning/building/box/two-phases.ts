import type { BuildReport } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import type { ChainLayer } from "../layers/layer-chain.ts";
import type { PhaseTimes } from "../layers/phase-times.ts";
import type { LayerManager, PhaseStep } from "../managers/layer-manager.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import { closeForGood } from "./box-network.ts";
import type { BuildFile } from "./build-file.ts";
import { BUILD_FOLDER, buildVariables, FETCHED_FOLDER, forgetSecretsScript, layerFiles, phaseScript, setupScript } from "./build-files.ts";
import { carry } from "./carry.ts";
import { fetchFailure } from "./fetch-failure.ts";
import { keyRings } from "./key-rings.ts";
import { type LineKind, runInBox } from "./run-in-box.ts";

/** Work in a box that is open already. */
export interface BoxWork {
  readonly box: BuildBox;
  readonly open: OpenMirrors;
  readonly times: PhaseTimes;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
}

export interface TwoPhases extends BoxWork {
  readonly mirrors: HostMirrors;
  /** What the scripts find in the build folder is made of it. */
  readonly layer: ChainLayer;
  /** Further files of the build folder. */
  readonly files?: readonly BuildFile[];
  readonly scripts: Pick<LayerManager, "fetch" | "install" | "fetched" | "sees" | "readStep">;
  /** A box in which no package's code has ever run: where something opens the mirrors it is there alone, and what it fetched is carried over. */
  readonly apart?: BuildBox | undefined;
  /** What the messages begin with. */
  readonly title: string;
  /** After fetching, still with the mirrors open: what stands against going on is thrown. */
  readonly fetched?: () => void;
  /** Lines that are no step of the manager's; whether they were taken. */
  readonly onWords?: (line: string) => boolean;
}

/** Fetches with the mirrors open, closes the network for good, forgets what may hold a password, installs; what was fetched is gone then. */
export async function runTwoPhases(work: TwoPhases): Promise<void> {
  await (work.apart === undefined ? fetchHere(work) : fetchApart(work, work.apart));
  await installHere(work);
}

async function fetchHere(work: TwoPhases): Promise<void> {
  const { box, open, mirrors, layer, times, signal } = work;
  const rings = await keyRings(mirrors);
  await setUp(work, box, setupScript(await filesOf(work), buildVariables(layer, mirrors)));
  await fetchIn(work, box);
  await closeForGood(box, open, signal);
  const forget = forgetSecretsScript(layer, mirrors, rings);
  await runInBox(box, ["-s"], { input: forget, failure: "the mirrors' passwords could not be forgotten", signal });
  times.ended("close");
}

/** In the box itself nothing is ever open, and nothing that opens anything: it stands on layers of which a package's code may be a part. */
async function fetchApart(work: TwoPhases, apart: BuildBox): Promise<void> {
  const { box, mirrors, layer, scripts, title, times, signal } = work;
  const rings = await keyRings(mirrors);
  const write = 'mkdir -p "$1"; tar -C "$1" --no-same-owner -xf -';
  await setUp(work, apart, setupScript(await filesOf(work), buildVariables(layer, mirrors)));
  for (const path of scripts.sees ?? []) {
    const send = ["-c", 'tar -C / -cf - -- ".$0"', path];
    await carry({ from: box, to: apart, send, take: ["-c", write, "", `${FETCHED_FOLDER}/seen`], what: title, signal });
  }
  await fetchIn(work, apart);
  const script = [{ name: "install", content: installScript(work) }, ...(work.files ?? [])];
  await setUp(work, box, `${forgetSecretsScript(layer, mirrors, rings)}\n${setupScript(script, undefined)}`);
  const paths = scripts.fetched.map((path) => `.${path.replace("$F", FETCHED_FOLDER).replace("$target", layer.target)}`);
  const send = ["-c", 'tar -C / -cf - -- "$@"', "", ...paths];
  await carry({ from: apart, to: box, send, take: ["-c", write, "", "/"], what: title, signal });
  times.ended("close");
}

async function filesOf(work: TwoPhases): Promise<BuildFile[]> {
  const { mirrors, layer, scripts } = work;
  const fetch = { name: "fetch", content: phaseScript(scripts.fetch) };
  const install = { name: "install", content: installScript(work) };
  return [...layerFiles(layer, mirrors, await keyRings(mirrors)), ...(work.files ?? []), fetch, install];
}

function installScript({ scripts }: TwoPhases): string {
  return phaseScript(`${END_OTHERS}\n${scripts.install}`);
}

async function setUp({ signal }: TwoPhases, box: BuildBox, input: string): Promise<void> {
  await runInBox(box, ["-s"], { input, failure: "the build could not begin", signal });
}

async function fetchIn(work: TwoPhases, box: BuildBox): Promise<void> {
  const { open, mirrors, title, times, report, signal } = work;
  report.progress(`${title}: fetching`, 2);
  await box.openMirrors();
  try {
    const onLine = follow(work, 2, 35);
    await runInBox(box, [`${BUILD_FOLDER}/fetch`], { failure: `${title} could not be fetched:`, signal, onLine });
  } catch (error) {
    throw await fetchFailure(error, { box, open, reach: mirrors.reach, signal });
  }
  work.fetched?.();
  report.downloaded(times.ended("fetch"));
}

async function installHere(work: TwoPhases): Promise<void> {
  const { box, title, report, signal } = work;
  report.progress(`${title}: installing`, 35);
  const onLine = follow(work, 35, 85);
  await runInBox(box, [`${BUILD_FOLDER}/install`], { failure: `${title} could not be installed:`, signal, onLine });
  await runInBox(box, ["-c", `rm -rf ${FETCHED_FOLDER}`], { failure: "what was fetched could not be removed", signal });
}

/**
 * When a package's code is done nothing of it goes on: it could change what is described and kept, or hold all processes that the box may have,
 * so that nothing else begins. By bash alone, which needs no further process. The first process keeps the box, with the one it was made for.
 */
const END_OTHERS = `end_others() {
  status=$?
  for round in 1 2 3; do
    first=0
    for entry in /proc/[0-9]*; do
      entry=\${entry#/proc/}
      if ((entry > 1 && (first == 0 || entry < first))); then first=$entry; fi
    done
    for entry in /proc/[0-9]*; do
      entry=\${entry#/proc/}
      if ((entry != 1 && entry != first && entry != $$)); then kill -KILL $entry 2>/dev/null || :; fi
    done
  done
  exit $status
}
trap end_others EXIT`;

/** A line becomes progress where the manager's file reads it so, else a line of the log. */
function follow({ scripts, title, report, onWords }: TwoPhases, from: number, to: number): (line: string) => LineKind {
  return (line) => {
    const step: PhaseStep | undefined = scripts.readStep(line);
    if (step === undefined) {
      if (onWords?.(line) === true) return "progress";
      report.log(line);
      return "words";
    }
    const percent = step.percent === undefined ? undefined : from + (Math.min(step.percent, 100) / 100) * (to - from);
    report.progress(`${title}: ${step.message}`, percent);
    return "progress";
  };
}
