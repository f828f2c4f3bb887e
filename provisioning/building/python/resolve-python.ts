import type { BuildReport } from "#provisioning";
import { BUILD_FOLDER, buildVariables, layerFiles, phaseScript, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildSite } from "../build-box.ts";
import { PYTHON_ENVIRONMENT } from "../managers/pip.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openMirrors } from "../mirrors/open-mirrors.ts";
import type { Lock } from "./lock.ts";
import { ResolutionReader } from "./read-resolution.ts";
import { RESOLVE } from "./resolve-script.ts";

export interface Resolving {
  readonly site: BuildSite;
  readonly mirrors: HostMirrors;
  /** Reference of the layer with Python. */
  readonly parent: string;
  /** Requirements, of all applications together. */
  readonly wanted: readonly string[];
}

/** Which versions fit together, by the mirrors' word, in a box of its own. Rejects `image_build_failed` with what stands against it. */
export async function resolvePython({ site, mirrors, parent, wanted }: Resolving, report: BuildReport, signal: AbortSignal): Promise<Lock> {
  const box = await site.open(parent, await openMirrors(mirrors.reach, mirrors.proxies));
  try {
    report.progress("Python: finding versions that fit together", undefined);
    const layer = { application: "python", maker: "pip", target: PYTHON_ENVIRONMENT, packages: wanted, address: "" } as const;
    const files = [...layerFiles(layer, mirrors, []), { name: "resolve", content: phaseScript(RESOLVE) }];
    const input = setupScript(files, buildVariables(layer, mirrors));
    await runInBox(box, ["-s"], { input, failure: "the resolution could not begin", signal });
    await box.openMirrors();
    const reader = new ResolutionReader();
    const started = performance.now();
    await runInBox(box, [`${BUILD_FOLDER}/resolve`], {
      failure: "the versions of the Python packages could not be found:",
      signal,
      onLine: (line) => (reader.push(line) ? "progress" : "words"),
    });
    report.downloaded(performance.now() - started);
    return reader.end(wanted);
  } finally {
    await box.remove();
  }
}
