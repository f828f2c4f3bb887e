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
  readonly scripts: Pick<LayerManager, "fetch" | "install" | "readStep">;
  /** What the messages begin with. */
  readonly title: string;
  /** After fetching, still with the mirrors open: what stands against going on is thrown. */
  readonly fetched?: () => void;
  /** Lines that are no step of the manager's; whether they were taken. */
  readonly onWords?: (line: string) => boolean;
}

/** Fetches with the mirrors open, closes the network for good, forgets what may hold a password, installs; what was fetched is gone then. */
export async function runTwoPhases(work: TwoPhases): Promise<void> {
  const { box, open, mirrors, layer, scripts, title, times, report, signal } = work;
  const rings = await keyRings(mirrors);
  const files = [
    ...layerFiles(layer, mirrors, rings),
    ...(work.files ?? []),
    script("fetch", scripts.fetch),
    script("install", `${END_OTHERS}\n${scripts.install}`),
  ];
  const input = setupScript(files, buildVariables(layer, mirrors));
  await runInBox(box, ["-s"], { input, failure: "the build could not begin", signal });
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
  await closeForGood(box, open, signal);
  const forget = forgetSecretsScript(layer, mirrors, rings);
  await runInBox(box, ["-s"], { input: forget, failure: "the mirrors' passwords could not be forgotten", signal });
  times.ended("close");
  report.progress(`${title}: installing`, 35);
  const onLine = follow(work, 35, 85);
  await runInBox(box, [`${BUILD_FOLDER}/install`], { failure: `${title} could not be installed:`, signal, onLine });
  await runInBox(box, ["-c", `rm -rf ${FETCHED_FOLDER}`], { failure: "what was fetched could not be removed", signal });
}

function script(name: "fetch" | "install", content: string): BuildFile {
  return { name, content: phaseScript(content) };
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
