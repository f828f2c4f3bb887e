import type { BuildReport, PackageVersion } from "#provisioning";
import { BUILD_FOLDER, buildVariables, layerFiles, phaseScript, setupScript } from "../box/build-files.ts";
import { openBox } from "../box/concealing-box.ts";
import { fetchFailure } from "../box/fetch-failure.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { FetchFailureReader } from "../fetching/why-not-fetched.ts";
import { PYTHON_ENVIRONMENT } from "../managers/pip.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { type OpenMirrors, openAll } from "../mirrors/open-mirrors.ts";
import type { SourceWheel } from "../sources/source-wheel.ts";
import { sourceFiles } from "../sources/sources-file.ts";
import type { Lock } from "./lock.ts";
import { preferredFile } from "./preferred-versions.ts";
import { ResolutionReader } from "./read-resolution.ts";
import { RESOLVE } from "./resolve-script.ts";
import { type SourcePackage, SourceRounds } from "./source-rounds.ts";

export interface Resolving {
  readonly site: BuildSite;
  readonly mirrors: HostMirrors;
  /** Reference of the layer with Python. */
  readonly parent: string;
  /** Requirements, of all applications together. */
  readonly wanted: readonly string[];
  /** Versions that are taken where they fit. */
  readonly preferred: readonly PackageVersion[];
  /** Builds the wheel of a package that has none; undefined where no sources are built. */
  readonly wheelOf: ((locked: SourcePackage, report: BuildReport, signal: AbortSignal) => Promise<SourceWheel>) | undefined;
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
export async function resolvePython(resolving: Resolving, report: BuildReport, signal: AbortSignal): Promise<Resolution> {
  const { site, mirrors, parent } = resolving;
  const open = await openAll(mirrors);
  const box = await openBox(site, parent, open);
  try {
    report.progress("Python: finding versions that fit together", 20);
    const started = performance.now();
    const lock = await resolveIn({ box, open }, resolving, report, signal);
    report.downloaded(performance.now() - started);
    return { lock, removed: box.remove() };
  } catch (error) {
    // what went wrong first is what is told
    await box.remove().catch(() => {});
    throw error;
  }
}

async function resolveIn(
  { box, open }: { readonly box: BuildBox; readonly open: OpenMirrors },
  { mirrors, wanted, preferred, wheelOf }: Resolving,
  report: BuildReport,
  signal: AbortSignal,
): Promise<Lock> {
  const layer = { application: "python", maker: "pip", target: PYTHON_ENVIRONMENT, packages: wanted, address: "" } as const;
  const files = [...layerFiles(layer, mirrors, []), preferredFile(preferred), { name: "resolve", content: phaseScript(RESOLVE) }];
  const input = setupScript(files, buildVariables(layer, mirrors));
  await runInBox(box, ["-s"], { input, failure: "the resolution could not begin", signal });
  await box.openMirrors();
  const rounds = new SourceRounds(wheelOf !== undefined);
  for (;;) {
    const known = setupScript(sourceFiles(rounds.known), undefined);
    await runInBox(box, ["-s"], { input: known, failure: "the resolution could not begin", signal });
    const reader = new ResolutionReader();
    const words = new FetchFailureReader();
    await runInBox(box, [`${BUILD_FOLDER}/resolve`], {
      failure: "the versions of the Python packages could not be found:",
      signal,
      onLine(line) {
        if (reader.push(line)) return "progress";
        words.push(line);
        return "words";
      },
    }).catch(async (error: unknown) => {
      throw words.told(await fetchFailure(error, { box, open, reach: mirrors.reach, signal }), "Python's packages");
    });
    const round = rounds.answered(reader, wanted);
    if (round.next === "done") return round.lock;
    if (round.next === "ask") continue;
    for (const locked of round.packages) {
      const wheel = await wheelOf?.(locked, report, signal);
      if (wheel !== undefined) rounds.told(wheel);
    }
  }
}
