import type { Log } from "#foundation";
import { type BuildReport, ProvisioningError } from "#provisioning";
import { BUILD_FOLDER, lines } from "../box/build-files.ts";
import { withCleanBox } from "../box/clean-box.ts";
import { failedFetching } from "../box/fetch-failure.ts";
import { CLOSED, inBox } from "../box/in-box.ts";
import { runInBox } from "../box/run-in-box.ts";
import { type BoxWork, runTwoPhases, type TwoPhases } from "../box/two-phases.ts";
import type { BuildSite } from "../build-box.ts";
import { phaseTimes } from "../layers/phase-times.ts";
import type { PhaseStep } from "../managers/layer-manager.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openAll } from "../mirrors/open-mirrors.ts";
import { secretsOf } from "../mirrors/source-logins.ts";
import { readPythonStep } from "../python/python-scripts.ts";
import { readUnresolved } from "../python/read-unresolved.ts";
import type { SourcePackage } from "../python/source-rounds.ts";
import { FailureReader } from "./read-build-failure.ts";
import { isRequirement, WHEEL_FOLDER, WheelReader, writeWheel } from "./source-wheel.ts";
import { BUILD_WHEEL, DESCRIBE_WHEEL, FETCH_SOURCE } from "./wheel-scripts.ts";

export interface WheelBuild {
  readonly site: BuildSite;
  readonly log: Log;
  readonly mirrors: HostMirrors;
  /** Reference of the workshop. */
  readonly workshop: string;
  /** Reference of the layer with Python and nothing of a persona. */
  readonly python: string;
  readonly locked: SourcePackage;
  /** Of the wheel's layer. */
  readonly address: string;
}

/** What a source's build may ask for beside what its files say. */
const MOST_LACKED = 40;

/**
 * Builds the wheel of a source in a box of its own, and keeps it as a layer that no sandbox is made of. Rejects `image_build_failed` with the
 * package, the reason in a sentence, and what helps; leaves nothing then.
 */
export async function buildWheel(
  build: WheelBuild,
  report: BuildReport,
  signal: AbortSignal,
): Promise<{ readonly removed: Promise<void> }> {
  const { site, mirrors, workshop, locked, log } = build;
  const lacked = new Set<string>();
  for (;;) {
    const times = phaseTimes();
    const open = await openAll(mirrors);
    const clean = secretsOf(mirrors).length === 0 ? undefined : build.python;
    const made = await inBox({ site, parent: workshop, open: clean === undefined ? open : CLOSED, log }, async (box) => {
      times.ended("start");
      return buildIn({ build, box, clean, open, times, report, signal }, [...lacked]);
    });
    const news = made.done.filter((requirement) => !lacked.has(requirement));
    if (made.done.length === 0) {
      log.info({ package: locked.name, version: locked.version, ms: times.all() }, "wheel built from source");
      return { removed: made.removed };
    }
    await made.removed;
    if (news.length === 0 || lacked.size > MOST_LACKED) throw unbuildable(locked, `its build asks for ever more: ${made.done[0]}`);
    for (const requirement of news) lacked.add(requirement);
  }
}

/** Stores the wheel; or gives what else it is built with, and stores nothing. */
async function buildIn(
  { build, box, clean, open, times, report, signal }: BoxWork & { readonly build: WheelBuild; readonly clean: string | undefined },
  before: readonly string[],
): Promise<readonly string[]> {
  const { locked, address, mirrors, site, log } = build;
  const failure = new FailureReader();
  const refusal: string[] = [];
  const lacked: string[] = [];
  const phases: TwoPhases = {
    box,
    open,
    mirrors,
    layer: { application: locked.name, maker: "pip", target: WHEEL_FOLDER, packages: [], address },
    files: [
      { name: "source", content: `${locked.source.url} ${locked.source.sha256}\n` },
      { name: "lacked", content: lines(before) },
    ],
    scripts: { fetch: FETCH_SOURCE, install: BUILD_WHEEL, fetched: ["$F/source", "$F/workbench"], readStep },
    title: `${locked.name} from source`,
    onWords(line) {
      if (line === "refused" || refusal.length > 0) return refusal.length < 500 && refusal.push(line) > 0;
      if (line.startsWith("lacks\t") && lacked.length <= MOST_LACKED) return lacked.push(line.slice(6)) > 0;
      failure.push(line);
      return false;
    },
    fetched() {
      if (refusal.length === 0) return;
      const { message } = readUnresolved(refusal.join("\n"), []);
      throw unbuildable(locked, `what it is built with is not to be had: ${message}`);
    },
    times,
    report,
    signal,
  };
  await withCleanBox({ site, log, clean, open }, (apart) => runTwoPhases({ ...phases, apart })).catch((error: unknown) => {
    throw told(error, locked, failure);
  });
  const odd = lacked.find((requirement) => !isRequirement(requirement));
  if (odd !== undefined) throw unbuildable(locked, `its build asks for what is not a name in a registry: ${odd.slice(0, 100)}`);
  if (lacked.length > 0) return lacked;
  const reader = new WheelReader();
  const input = `. ${BUILD_FOLDER}/variables\n${DESCRIBE_WHEEL}\n`;
  const onLine = (line: string) => (reader.push(line) ? ("progress" as const) : ("words" as const));
  await runInBox(box, ["-s"], { input, failure: `${locked.name} ${locked.version} built no wheel:`, signal, onLine });
  await box.store(address, writeWheel(reader.end(locked.name, locked.version)));
  times.ended("commit");
  return [];
}

function readStep(line: string): PhaseStep | undefined {
  if (line === "Fetching the source") return { message: line, percent: 20 };
  if (line === "Fetching what it is built with") return { message: line, percent: 60 };
  if (line === "Building") return { message: line, percent: 10 };
  return readPythonStep(line);
}

/** What the source's own build says is pages long: somebody needs its reason. */
function told(error: unknown, locked: SourcePackage, failure: FailureReader): unknown {
  const isBuild = error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.exit !== undefined;
  return isBuild && !failedFetching(error) ? unbuildable(locked, failure.reasonOfPython(locked.name), error) : error;
}

function unbuildable({ name, version, neededBy }: SourcePackage, reason: string, cause?: unknown): ProvisioningError {
  const whose = neededBy.length === 0 ? "" : `, which ${neededBy.slice(0, 3).join(", ")} ${neededBy.length === 1 ? "needs" : "need"},`;
  return new ProvisioningError("image_build_failed", `${name} ${version}${whose} could not be built from its source: ${reason}`, {
    detail: { package: name },
    cause,
  });
}
