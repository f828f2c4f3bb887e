import type { PackageSource } from "@guise/contract";
import { type BuiltImage, ProvisioningError, quietBuild } from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import type { PhaseLog } from "../phase-log.ts";
import { concreteOf, imagePlanOf, type PlanFacts, packageEpochOf, recordOf, sourcesOf } from "../translate.ts";

/** What a start gets: the present image revision of its version. */
export interface StartImage {
  readonly revision: number;
  readonly image: BuiltImage;
}

/** The image that the workspace starts on. One that is lost is built anew, as phase `image` with progress. */
export async function imageOf(context: LoopContext, row: WorkspaceRow, phases: PhaseLog, signal: AbortSignal): Promise<StartImage> {
  const { repository, packageEpoch, images } = context;
  const [known, sources] = await Promise.all([repository.revision(row.persona, row.version), sourcesFor(context, row)]);
  if (known === undefined) throw new ProvisioningError("image_missing", `there is no version ${row.version} of ${row.persona}`);
  const facts = {
    ...{ packageEpoch: packageEpochOf(packageEpoch, known.epoch), sources },
    ...(known.reference === undefined ? {} : { recorded: known.reference }),
  };
  const found = await images.find(imagePlanOf(concreteOf(row), facts));
  const image = found ?? (await rebuild(context, row, { facts, revision: known.revision }, phases, signal));
  return { revision: known.revision, image };
}

/** Most installations have none, and then nothing else is read. */
async function sourcesFor({ repository }: LoopContext, { persona, version }: WorkspaceRow): Promise<readonly PackageSource[]> {
  const all = await repository.packageSources();
  const row = all.length === 0 ? undefined : await repository.version(persona, version);
  return row === undefined ? [] : sourcesOf(all, row);
}

async function rebuild(
  context: LoopContext,
  row: WorkspaceRow,
  { facts, revision }: { readonly facts: PlanFacts; readonly revision: number },
  phases: PhaseLog,
  signal: AbortSignal,
): Promise<BuiltImage> {
  const keeps = (await context.repository.version(row.persona, row.version))?.image;
  const plan = imagePlanOf(concreteOf(row), { ...facts, ...(keeps === undefined ? {} : { keeps }) });
  const report = {
    ...quietBuild,
    progress: (message: string, percent: number | undefined) => phases.progress("image", message, percent),
    log: (line: string) => context.live.publish({ kind: "log", workspace: row.id, phase: "image", message: line }),
  };
  const built = await phases.time("image", "building the image of the persona", () => context.driver.ensureImage(plan, report, signal));
  // Some packages may be others than before: the bill of materials is the new image's.
  await context.repository.setBuild(row.persona, row.version, { image: recordOf(built), revision });
  void context.collectImages();
  return built;
}
