import { type LeftFile, leftFileText, plainText } from "@guise/contract";
import { codeOf } from "#foundation";
import {
  applyPersonalLayer,
  type Channel,
  type LayerEnd,
  ProvisioningError,
  programsProbe,
  type Started,
  waitUntilReady,
} from "#provisioning";
import type { WorkspaceRow } from "#repository";
import type { LoopContext } from "../context.ts";
import { DataAccess } from "../data-access/data-access.ts";
import { type GivenAccess, NO_ACCESS } from "../data-access/inside.ts";
import { settleFiles } from "../home-files/settle-files.ts";
import { PhaseLog } from "../phase-log.ts";
import { concreteOf, launchablesIn, personalLayerOf, sandboxSpecOf } from "../translate.ts";
import { imageOf, type StartImage } from "./image.ts";
import { type Personal, unmetPreferences, withPersonsPreferences } from "./preferences.ts";

/** How long the first answer of a started sandbox may take before it counts as not ready, ms. */
const READY_WITHIN = 30_000;

/**
 * The start sequence of one generation: image → sandbox, network, storage → configuration → readiness → ready.
 * Resolves with the row in state `ready`. On rejection the caller decides about retrying.
 */
export async function startWorkspace(context: LoopContext, row: WorkspaceRow, signal: AbortSignal): Promise<WorkspaceRow> {
  const phases = new PhaseLog(row.id, context.live, context.clock);
  const personal = await withAccess(context, await withPersonsPreferences(context, row), phases, signal);
  const { on, channel, delivered } = await startSandbox(context, personal, phases, signal);
  let inside: Pick<StartedOn, "leftFiles" | "notes">;
  try {
    const applied = personalise(context, personal, { channel, delivered }, phases, signal);
    const [layer] = await Promise.all([applied, showReadiness(context, personal, { channel, applied }, phases, signal)]);
    inside = { leftFiles: layer.left, notes: await unmetPreferences(channel, personal, { clock: context.clock, signal }) };
  } catch (error) {
    channel.close();
    throw error;
  }
  const ready = await becomeReady(context, row, { ...on, ...inside }, phases);
  context.adoptChannel(ready, channel);
  return ready;
}

/** An image may have gone since it was seen last: it is then asked for anew, once. A start that finds none leaves nothing. */
async function startSandbox(
  context: LoopContext,
  { row, offered, access }: PersonalStart,
  phases: PhaseLog,
  signal: AbortSignal,
): Promise<Omit<Started, "handle"> & { readonly on: StartImage }> {
  const report = phases.report((handle) => context.repository.storeHandle(row.id, row.generation, handle));
  const attempt = async () => {
    const on = await imageOf(context, row, phases, signal);
    signal.throwIfAborted();
    try {
      const { channel, delivered } = await context.driver.start(
        sandboxSpecOf(row, on.image.reference, { ...context, offered, access }),
        report,
        signal,
      );
      return { on, channel, ...(delivered === undefined ? {} : { delivered }) };
    } catch (error) {
      if (codeOf(error) === "image_missing") context.images.forget(on.image.reference);
      throw error;
    }
  };
  return attempt().catch((error: unknown) => {
    if (codeOf(error) !== "image_missing" || signal.aborted) throw error;
    return attempt();
  });
}

/** A start with what it was given of databases: nothing of that is written anywhere but inside. */
interface PersonalStart extends Personal {
  readonly access: GivenAccess;
}

async function withAccess(context: LoopContext, personal: Personal, phases: PhaseLog, signal: AbortSignal): Promise<PersonalStart> {
  const { row } = personal;
  if (DataAccess.of(concreteOf(row)).length === 0) return { ...personal, access: NO_ACCESS };
  const given = () => context.dataAccess.give(row, signal);
  return { ...personal, access: await phases.time("data_access", "asking databases for access", given) };
}

interface Configured {
  readonly channel: Channel;
  readonly delivered: Promise<LayerEnd> | undefined;
}

async function personalise(
  { clock, mergeFiles }: LoopContext,
  { row, offered, access }: PersonalStart,
  { channel, delivered }: Configured,
  phases: PhaseLog,
  signal: AbortSignal,
): Promise<Personalised> {
  return phases.time("configuration", "writing settings and variables", async () => {
    const options = { within: READY_WITHIN, clock, signal };
    const applied = await applyPersonalLayer(channel, personalLayerOf(row, offered, access), { ...options, delivered });
    const full = applied.unwritten.map((path): LeftFile => ({ path, reason: "home_full" }));
    const { met = [], inPlace = [] } = Object.groupBy(
      concreteOf(row).files.filter(({ path }) => !applied.unwritten.includes(path)),
      ({ path }) => (applied.met.includes(path) ? "met" : "inPlace"),
    );
    return { found: applied.found, left: [...full, ...(await settleFiles(channel, { met, inPlace }, { ...options, mergeFiles }))] };
  });
}

interface Personalised {
  /** All programs of the persona were there. */
  readonly found: boolean;
  readonly left: readonly LeftFile[];
}

/**
 * Ready means: a command runs inside, and finds every application of the persona. The one that writes the settings is such a command: a
 * second costs 5 ms more, and is asked only when the first did not find them.
 */
async function showReadiness(
  context: LoopContext,
  { row }: Personal,
  { channel, applied }: { readonly channel: Channel; readonly applied: Promise<Personalised> },
  phases: PhaseLog,
  signal: AbortSignal,
): Promise<void> {
  const probe = programsProbe(personalLayerOf(row, [], NO_ACCESS).programs);
  await phases.time("readiness", "asking for the first answer", async () => {
    if (!(await applied).found) await waitUntilReady(channel, [probe], { within: READY_WITHIN, clock: context.clock, signal });
  });
}

interface StartedOn extends StartImage {
  readonly leftFiles: readonly LeftFile[];
  /** What of the person's preferences this workspace has no place for. */
  readonly notes: readonly string[];
}

async function becomeReady(
  context: LoopContext,
  row: WorkspaceRow,
  { image, revision, leftFiles, notes }: StartedOn,
  phases: PhaseLog,
): Promise<WorkspaceRow> {
  const { repository, clock } = context;
  const fresh = await repository.workspace(row.id);
  if (fresh === undefined || fresh.generation !== row.generation || fresh.state !== "provisioning")
    throw new ProvisioningError("cancelled", "another generation took over");
  const persona = concreteOf(row);
  const at = clock.now();
  await forgetLaunches(context, fresh);
  return repository.move({
    id: row.id,
    revision: fresh.revision,
    to: "ready",
    at,
    message: readyMessage(leftFiles, notes),
    leftFiles,
    phases: phases.finished,
    applications: launchablesIn(persona, image.launchables),
    readyAt: at,
    image: { revision, reference: image.reference },
    ...(persona.maximumLifetime === undefined ? {} : { expiresAt: fresh.expiresAt ?? at + persona.maximumLifetime }),
  });
}

function readyMessage(left: readonly LeftFile[], notes: readonly string[]): string {
  const full = left.filter(({ reason }) => reason === "home_full").map(({ path }) => path);
  const others = left.filter(({ reason }) => reason !== "home_full").map(leftFileText);
  const said = [...(full.length === 0 ? [] : [`its home is full: ${full.join(", ")} stayed as before`]), ...others, ...notes];
  return said.length === 0 ? "ready" : plainText(`ready, but ${said.join("; ")}`, 1000);
}

/** What was launched in an earlier generation went with its sandbox. */
async function forgetLaunches({ repository, clock }: LoopContext, row: WorkspaceRow): Promise<void> {
  if (row.generation === 1) return;
  for (const launch of await repository.launches(row.id)) {
    const open = launch.state === "running" || launch.state === "starting";
    if (open && launch.generation < row.generation) await repository.updateLaunch(launch.id, { state: "lost", endedAt: clock.now() });
  }
}
