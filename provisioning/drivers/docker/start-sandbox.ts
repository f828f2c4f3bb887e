import type { Duplex } from "node:stream";
import type { Clock } from "#foundation";
import {
  type ChannelKeys,
  generateChannelKeys,
  type Handle,
  LayerWords,
  openSshChannel,
  ProvisioningError,
  type SandboxSpec,
  type Started,
} from "#provisioning";
import type { EngineContainer } from "./client.ts";
import { attachTo, createContainer } from "./engine-calls.ts";
import type { EngineContext } from "./engine-context.ts";
import { isAbsent, promptly, translated, unlessAbsent } from "./engine-errors.ts";
import { engineStream } from "./engine-stream.ts";
import type { Guard } from "./guard.ts";
import { HOME_TARGET, mainContainer } from "./main-container.ts";
import type { ProgramConnections } from "./program-connections.ts";
import type { SandboxReader } from "./reading/sandbox-reader.ts";
import { type SandboxHandle, writeHandle } from "./sandbox-handle.ts";
import type { StartPhases } from "./start-phases.ts";
import type { LoopDevice } from "./storage/loop-devices.ts";
import type { SandboxStorage, StoragePlan } from "./storage/sandbox-storage.ts";
import { boundWatches } from "./watch-limits.ts";

export interface StartContext {
  readonly context: EngineContext;
  readonly storage: SandboxStorage;
  /** The folder whose devices may be mounted. */
  readonly devices: string;
  readonly clock: Clock;
  readonly connections: ProgramConnections;
  /** Uid of the keeper of identities. */
  readonly keeper: number;
  /** Files that a process may have open. */
  readonly openFiles: number;
  /** Addresses that no workspace reaches: the host's, the bridge's, the broker's. Asked for each start. */
  readonly own: () => Promise<readonly string[]>;
  readonly reader: SandboxReader;
  takeGuard(): Promise<Guard>;
}

export interface StartWork {
  readonly spec: SandboxSpec;
  readonly phases: StartPhases;
  /** Removes what an earlier attempt left; awaited before anything of this one is made. */
  clear(): Promise<void>;
  /** Stores the handle; awaited before anything bears the sandbox's name on the engine. */
  storeHandle(handle: Handle): Promise<void>;
  /** Told before the guard is used, so that a failed start can remove it. */
  tookGuard(guard: Guard): void;
  readonly signal: AbortSignal;
}

/**
 * Guard, then at the same time rules, home and created container, then start and first channel. The rules are
 * acknowledged before the container starts. Leaves cleaning up to the caller.
 */
export function startSandbox(start: StartContext, work: StartWork): Promise<Started> {
  return work.phases.run("sandbox", async () => {
    const keys = generateChannelKeys();
    const guard = await takeGuard(start, work);
    work.signal.throwIfAborted();
    const rules = work.phases.run("network", () => applyRules(start, work.spec, guard));
    const parts = makeParts(start, work, { guard, keys });
    const [, { main, home, handle, content }] = await all([rules, parts]);
    work.signal.throwIfAborted();
    return { handle, ...(await startMain(start, main, { handle: content, home, layer: work.spec.personal, signal: work.signal })) };
  });
}

/** The home and the created container, once nothing of an earlier attempt is left and the handle is stored. */
async function makeParts(start: StartContext, work: StartWork, { guard, keys }: { readonly guard: Guard; readonly keys: ChannelKeys }) {
  const { spec } = work;
  const [plan] = await all([planStorage(start, spec), work.clear()]);
  const content: SandboxHandle = { guard: guard.id, main: spec.engineName, uid: plan.home.uid, keys };
  const handle = writeHandle(spec, content);
  const [main, home] = await all([
    work.storeHandle(handle).then(() => createMain(start, spec, guard, plan)),
    work.phases.run("storage", () => prepareStorage(start, spec, plan)),
  ]);
  return { main, home, handle, content };
}

async function takeGuard(start: StartContext, work: StartWork): Promise<Guard> {
  const guard = await start.takeGuard();
  work.tookGuard(guard);
  return guard;
}

const planStorage = ({ storage }: StartContext, spec: SandboxSpec) =>
  translated("storage_failed", "the home could not be planned", () => storage.plan(spec));

const prepareStorage = ({ storage }: StartContext, spec: SandboxSpec, plan: StoragePlan) =>
  translated("storage_failed", "the home could not be made", () => storage.prepare(spec, plan));

function applyRules(start: StartContext, spec: SandboxSpec, guard: Guard): Promise<void> {
  return translated("network_failed", "the network rules were not acknowledged", async () =>
    guard.applyRules(spec.network, await start.own(), spec.bandwidth),
  );
}

/** Created and attached to, not started: its network rules may not be in force yet. */
interface CreatedMain {
  readonly container: EngineContainer;
  readonly raw: Duplex;
}

function createMain(
  { context, devices, connections, keeper, openFiles }: StartContext,
  spec: SandboxSpec,
  guard: Guard,
  plan: StoragePlan,
): Promise<CreatedMain> {
  return translated("start_failed", "the main container could not be created", async () => {
    try {
      const parts = { guard: guard.id, uid: plan.home.uid, keeper, openFiles, volumes: plan.volumes };
      const container = await createContainer(context, mainContainer(context, spec, parts), devices);
      return { container, raw: connections.add(spec.engineName, await attachTo(container)) };
    } catch (error) {
      const isMissing = isAbsent(error) && (await unlessAbsent(context.client.getImage(spec.image).inspect())) === undefined;
      throw isMissing ? new ProvisioningError("image_missing", "the image of the workspace is not there", { cause: error }) : error;
    }
  });
}

/** Bytes of a layer that go with the keys: they lie on the workspace's smallest tmpfs until they are written. A larger one goes over the channel. */
const MOST_WITH_KEYS = 2 ** 16;

/** By the script `main`, on standard error. */
const FIRST_CHANNEL_ENDED = "the first channel has ended";

interface MainParts {
  readonly handle: SandboxHandle;
  readonly home: LoopDevice;
  readonly layer: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

async function startMain(
  start: StartContext,
  { container, raw }: CreatedMain,
  { handle, home, layer, signal }: MainParts,
): Promise<Omit<Started, "handle">> {
  const log = start.context.log.child({ main: handle.main });
  // Whoever cancels, or a container that does not start, ends the wait for the channel.
  const cut = () => void raw.destroy();
  signal.addEventListener("abort", cut, { once: true });
  try {
    return await translated("start_failed", "the main container did not start", async () => {
      const words = new LayerWords();
      const duplex = engineStream(raw, (text) => {
        log.debug({ text: text.slice(0, 500) }, "the sandbox says");
        words.push(text);
        if (text.includes(FIRST_CHANNEL_ENDED)) raw.destroy();
      });
      const delivers = layer !== undefined && layer.length <= MOST_WITH_KEYS;
      const opening = openSshChannel({ duplex, keys: handle.keys, layer: delivers ? layer : undefined, log });
      const started = promptly(container.start()).then(async () => {
        const pid = await verifyHome(start.reader, container, home);
        await boundWatches(pid);
      });
      started.catch(cut);
      // The start's own error first: the channel's is only its shadow.
      const [, channel] = await all([started, opening]);
      return delivers ? { channel, delivered: words.end } : { channel };
    });
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

/** The kernel says what is mounted: the engine's own records are wrong after it restarted. The id of the first process. Rejects `storage_failed`. */
export async function verifyHome(reader: SandboxReader, container: EngineContainer, home: LoopDevice): Promise<number> {
  const { State } = await promptly(container.inspect());
  const mounts = await reader.ask(container.id, "mounts", State.Pid);
  if (!mounts.some((mount) => mount.target === HOME_TARGET && mount.device === home.number && mount.type === "ext4"))
    throw new ProvisioningError("storage_failed", "the home is not mounted", { detail: { device: home.path, running: State.Running } });
  return State.Pid;
}

/** Like `Promise.all`, but rejects only when all have settled: nothing is still being made while the caller cleans up. */
async function all<T extends readonly unknown[]>(work: readonly [...{ [K in keyof T]: Promise<T[K]> }]): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<unknown> as Promise<T>;
}
