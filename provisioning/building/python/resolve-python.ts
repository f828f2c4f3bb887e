import type { BuildReport } from "#provisioning";
import { BUILD_FOLDER, buildVariables, layerFiles, phaseScript, setupScript } from "../box/build-files.ts";
import { fetchFailure } from "../box/fetch-failure.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { PYTHON_ENVIRONMENT } from "../managers/pip.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openMirrors } from "../mirrors/open-mirrors.ts";
import type { Lock } from "./lock.ts";
import { ResolutionReader, unresolvedOf } from "./read-resolution.ts";
import { RESOLVE } from "./resolve-script.ts";

export interface Resolving {
  readonly site: BuildSite;
  readonly mirrors: HostMirrors;
  /** Reference of the layer with Python. */
  readonly parent: string;
  /** Requirements, of all applications together. */
  readonly wanted: readonly string[];
}

export interface Resolution {
  readonly lock: Lock;
  /** Settles when its box is gone. */
  readonly removed: Promise<void>;
}

/**
 * Which versions fit together, by the mirrors' word, in a box of its own. Rejects `image_build_failed` with what stands against it,
 * `mirror_unreachable`; leaves nothing then.
 */
export async function resolvePython(
  { site, mirrors, parent, wanted }: Resolving,
  report: BuildReport,
  signal: AbortSignal,
): Promise<Resolution> {
  const open = await openMirrors(mirrors.reach, mirrors.proxies);
  const box = await site.open(parent, open);
  try {
    report.progress("Python: finding versions that fit together", 50);
    const started = performance.now();
    const lock = await resolveIn(box, mirrors, wanted, signal).catch(async (error: unknown) => {
      throw unresolvedOf(error) === undefined ? await fetchFailure(error, { box, open, reach: mirrors.reach, signal }) : error;
    });
    report.downloaded(performance.now() - started);
    return { lock, removed: box.remove() };
  } catch (error) {
    // what went wrong first is what is told
    await box.remove().catch(() => {});
    throw error;
  }
}

async function resolveIn(box: BuildBox, mirrors: HostMirrors, wanted: readonly string[], signal: AbortSignal): Promise<Lock> {
  const layer = { application: "python", maker: "pip", target: PYTHON_ENVIRONMENT, packages: wanted, address: "" } as const;
  const files = [...layerFiles(layer, mirrors, []), { name: "resolve", content: phaseScript(RESOLVE) }];
  const input = setupScript(files, buildVariables(layer, mirrors));
  await runInBox(box, ["-s"], { input, failure: "the resolution could not begin", signal });
  await box.openMirrors();
  const reader = new ResolutionReader();
  await runInBox(box, [`${BUILD_FOLDER}/resolve`], {
    failure: "the versions of the Python packages could not be found:",
    signal,
    onLine: (line) => (reader.push(line) ? "progress" : "words"),
  });
  return reader.end(wanted);
}
