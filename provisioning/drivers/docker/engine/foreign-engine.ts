import { access } from "node:fs/promises";
import { release } from "node:os";
import { type Log, messageOf } from "#foundation";
import { createEngineClient, type EngineClient } from "../client.ts";
import { removeContainer, removeVolume } from "../engine-removal.ts";
import { listObjects } from "../owned-objects.ts";
import { bridgeExists } from "./bridge.ts";
import { EngineError } from "./engine-errors.ts";
import type { EngineFacts } from "./engine-facts.ts";
import { installationNames } from "./engine-layout.ts";
import { engineAnswers } from "./engine-request.ts";
import { ensureForeignNetwork, removeForeignNetworks } from "./foreign-network.ts";
import { freeSubnet, type Subnet } from "./free-subnet.ts";
import { withHostLock } from "./host-lock.ts";
import { takenNetworks, uplinkMtu } from "./host-networks.ts";
import { applyHostRules, removeHostRules } from "./host-rules.ts";
import { readRanges } from "./remap-user.ts";
import { type EngineIdentity, userMapOf } from "./user-map.ts";

/**
 * A Docker engine of this machine that is somebody else's. It is never started, stopped or configured, and of its objects only
 * those with the installation's label are touched. Of the machine: one nft table of ours, about our own bridge alone.
 * Rejects `EngineError`s, which say what to type.
 */
export class ForeignEngine {
  readonly #socketPath: string;
  readonly #client: EngineClient;
  readonly #installation: string;
  readonly #log: Log;
  /** The range that the network had, for the case that the engine loses it. */
  #subnet: Subnet | undefined;

  constructor({ socketPath, installation, log }: { socketPath: string; installation: string; log: Log }) {
    this.#socketPath = socketPath;
    this.#client = createEngineClient(socketPath);
    this.#installation = installation;
    this.#log = log;
  }

  /** Looks whether the engine can be used, and makes our network on it. */
  async up(): Promise<EngineFacts> {
    await this.#mustAnswer();
    const info = (await this.#client.info()) as EngineIdentity & { readonly KernelVersion: string };
    await this.#mustBeHere(info);
    if (process.getuid?.() !== 0)
      throw new EngineError("not_root", "Homes are devices of this machine, which only root may set up. Run Guise as root: sudo npm start");
    const { uids, gids } = await readRanges();
    const { base, length } = userMapOf(info, uids, gids);
    const { bridge } = this.#names();
    const place = await this.#openNetwork();
    return { socketPath: this.#socketPath, remapBase: base, remapLength: length, network: bridge, bridge, ...place };
  }

  /** Puts back what of ours somebody removed: the network, or our table. For every reconcile. */
  async holdNetwork(): Promise<void> {
    await this.#openNetwork();
  }

  /** Removes our containers, volume objects, network and table. Images stay, and so does the engine with everything else. */
  async down(): Promise<void> {
    await this.#mustAnswer();
    const context = { client: this.#client, installation: this.#installation, log: this.#log };
    const objects = await listObjects(context);
    const containers = objects.filter(({ kind }) => kind === "container");
    // Whoever joined a guard goes before it: until then the rules are in force.
    for (const { id } of containers.filter(({ joins }) => joins !== undefined)) await removeContainer(context, id);
    for (const { id } of containers.filter(({ joins }) => joins === undefined)) await removeContainer(context, id);
    for (const { id } of objects.filter(({ kind }) => kind === "volume")) await removeVolume(context, id);
    await removeForeignNetworks(context);
    await removeHostRules(this.#names().table);
  }

  async #openNetwork(): Promise<Subnet> {
    const { bridge, table } = this.#names();
    const mtu = await uplinkMtu();
    const subnet = async () => this.#subnet ?? freeSubnet(await takenNetworks(bridge));
    const context = { client: this.#client, installation: this.#installation };
    // One installation at a time, so that two never choose the same range.
    const place = await withHostLock("account", () => ensureForeignNetwork(context, { name: bridge, mtu, subnet }));
    if (!(await bridgeExists(bridge))) {
      await removeForeignNetworks(context);
      throw elsewhere(this.#socketPath, "the bridge that it made is not among this machine's devices");
    }
    await applyHostRules(table, bridge, place.subnet, "the engine's");
    this.#subnet = place;
    return place;
  }

  async #mustAnswer(): Promise<void> {
    if (await engineAnswers(this.#socketPath)) return;
    throw new EngineError(
      "foreign_silent",
      `No Docker engine answers at ${this.#socketPath}. Start it (systemctl start docker), or set GUISE_ENGINE to another one`,
    );
  }

  async #mustBeHere(info: EngineIdentity & { readonly KernelVersion: string }): Promise<void> {
    if (info.KernelVersion !== release())
      throw elsewhere(this.#socketPath, `its kernel is ${info.KernelVersion}, this one is ${release()}`);
    await access(info.DockerRootDir).catch((error: unknown) => {
      throw elsewhere(this.#socketPath, `its folder cannot be seen here (${messageOf(error)})`);
    });
  }

  #names() {
    return installationNames(this.#installation);
  }
}

function elsewhere(socketPath: string, how: string): EngineError {
  return new EngineError(
    "foreign_elsewhere",
    `The engine at ${socketPath} is not on this machine, or without root: ${how}. Homes are devices of the engine's machine. Run Guise there, or use GUISE_ENGINE=own`,
  );
}
