import { rm, writeFile } from "node:fs/promises";
import type { Clock, Log } from "#foundation";
import { allowForwarding, bridgeExists, ensureBridge, filterBridgePorts, removeBridge } from "./bridge.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { containerdArguments, containerdConfiguration, dockerdArguments } from "./engine-arguments.ts";
import { EngineError } from "./engine-errors.ts";
import type { EngineFacts } from "./engine-facts.ts";
import { type EngineLayout, engineLayout } from "./engine-layout.ts";
import { endShims, forgetNetworks, removeContainers, removeControlGroups, removeFiles, shimsOf, unmountBelow } from "./engine-leftovers.ts";
import { engineAnswers, socketAnswers } from "./engine-request.ts";
import { type EngineState, readEngineState, writeEngineState } from "./engine-state.ts";
import { closeForeignFirewall, openForeignFirewall } from "./foreign-firewall.ts";
import { chooseSubnet } from "./free-subnet.ts";
import { withHostLock } from "./host-lock.ts";
import { takenNetworks, uplinkMtu } from "./host-networks.ts";
import { applyHostRules, hostRulesInForce, removeHostRules } from "./host-rules.ts";
import { makeReachable } from "./open-path.ts";
import { REMAP_LENGTH } from "./remap-range.ts";
import { ensureRemapUser, removeRemapUser } from "./remap-user.ts";

/** What the rest of the driver needs to know of Guise's own engine when it is up. */
export interface OwnEngineFacts extends EngineFacts {
  readonly cgroupParent: string;
}

export interface EngineStatus {
  readonly containerd: boolean;
  readonly dockerd: boolean;
  /** The host's network rules are in force. */
  readonly rules: boolean;
}

export type EngineReport = (message: string) => void;

/**
 * Guise's own engine: containerd and dockerd of its own, apart from any other engine of the machine. It outlives Guise.
 * Every verb may be repeated, on whatever an earlier one left behind. Rejects `EngineError`s, which say what to type.
 */
export class OwnEngine {
  readonly #home: string;
  readonly #installation: string;
  readonly #layout: EngineLayout;
  readonly #log: Log;
  readonly #clock: Clock;

  constructor({ home, installation, log, clock }: { home: string; installation: string; log: Log; clock: Clock }) {
    this.#home = home;
    this.#installation = installation;
    this.#layout = engineLayout(home, installation);
    this.#log = log;
    this.#clock = clock;
  }

  /** Makes and starts what is missing. 0.6 s from nothing, 0.1 s when all is up. */
  async up(report: EngineReport): Promise<OwnEngineFacts> {
    if (process.getuid?.() !== 0) {
      throw new EngineError("not_root", "An engine of Guise's own needs root. Run Guise as root, or start Docker: systemctl start docker");
    }
    await makeReachable(this.#home, this.#layout.folder);
    const state = await this.#settle();
    await this.#openNetwork(state);
    await this.#startDaemons(state, report);
    return this.#facts(state);
  }

  /** Puts the host's network rules back where somebody removed them, or a foreign firewall came up after us. For every reconcile. */
  async holdNetwork(): Promise<void> {
    const state = await readEngineState(this.#layout.stateFile);
    if (state !== undefined) await this.#openNetwork(state);
  }

  /** Starts a daemon that died again; sandboxes run on meanwhile (live-restore). True when there was one to start. Cheap while both live. */
  async keepUp(): Promise<boolean> {
    const { dockerd, stateFile } = this.#layout;
    if ((await this.#containerd().pid()) !== undefined && (await engineAnswers(dockerd.socket))) return false;
    const state = await readEngineState(stateFile);
    if (state === undefined) return false;
    await this.#startDaemons(state, (message) => this.#log.warn({ message }, "a daemon of the engine was gone"));
    return true;
  }

  async status(): Promise<EngineStatus> {
    const [containerd, dockerd, rules] = await Promise.all([
      this.#containerd().pid(),
      engineAnswers(this.#layout.dockerd.socket),
      hostRulesInForce(this.#layout.table),
    ]);
    return { containerd: containerd !== undefined, dockerd, rules };
  }

  /** Ends every container, the daemons, and what they need of the host; images, volumes and the remap range stay. */
  async down(): Promise<void> {
    await this.#removeContainers();
    await this.#dockerd([]).stop();
    await this.#containerd().stop();
    await endShims(this.#layout.containerd.socket, this.#clock);
    await this.#closeNetwork();
    await unmountBelow(this.#layout.folder);
    await removeControlGroups(this.#layout.cgroupParent);
    await removeFiles(this.#layout.dockerd.ownPid, `${this.#layout.containerd.socket}.ttrpc`);
    // what the daemons keep of running containers: files of network namespaces would pile up from start to start
    for (const folder of [this.#layout.dockerd.exec, this.#layout.containerd.state]) await rm(folder, { recursive: true, force: true });
    await forgetNetworks(this.#layout.dockerd.data);
  }

  /** Also images, volumes, the record and the remap account. Homes lie elsewhere, and are not touched. */
  async purge(): Promise<void> {
    await this.down();
    await rm(this.#layout.folder, { recursive: true, force: true });
    await withHostLock("account", () => removeRemapUser(this.#layout.remapUser));
  }

  /** Subnet and remap base: as recorded, else chosen now. One installation at a time, so that two never choose the same. */
  #settle(): Promise<EngineState> {
    return withHostLock("account", async () => {
      const known = await readEngineState(this.#layout.stateFile);
      const remapBase = await ensureRemapUser(this.#layout.remapUser, known?.remapBase);
      // while ours was down somebody else may have taken its subnet; no container lives then, so another one does as well
      const place = chooseSubnet(known, await takenNetworks(this.#layout.bridge), await bridgeExists(this.#layout.bridge));
      const state: EngineState = {
        version: 1,
        installation: this.#installation,
        subnet: place.subnet,
        gateway: place.gateway,
        remapBase,
      };
      // the engine would put the old address back on the bridge, and send sandboxes there
      if (known !== undefined && known.subnet !== place.subnet) await forgetNetworks(this.#layout.dockerd.data);
      await writeEngineState(this.#layout.stateFile, state);
      await ensureBridge(this.#layout.bridge, state.gateway, state.subnet);
      return state;
    });
  }

  async #openNetwork({ subnet, gateway }: EngineState): Promise<void> {
    const { bridge, table } = this.#layout;
    await ensureBridge(bridge, gateway, subnet);
    await allowForwarding();
    if (!(await filterBridgePorts(bridge))) {
      this.#log.warn({ bridge }, "this kernel does not filter between the bridge's ports; the guards' rules alone keep sandboxes apart");
    }
    await applyHostRules(table, bridge, subnet, "ours");
    if ((await openForeignFirewall(bridge)) === "closed") {
      this.#log.warn({ bridge }, `a firewall of this machine drops what sandboxes send. Type: iptables -I FORWARD -i ${bridge} -j ACCEPT`);
    }
  }

  async #closeNetwork(): Promise<void> {
    await closeForeignFirewall(this.#layout.bridge);
    await removeHostRules(this.#layout.table);
    await removeBridge(this.#layout.bridge);
  }

  async #startDaemons(state: EngineState, report: EngineReport): Promise<void> {
    const { containerd, dockerd } = this.#layout;
    if (await engineAnswers(dockerd.socket)) {
      if ((await this.#containerd().pid()) !== undefined) return;
      report("Starting the engine's containerd");
    } else report("Starting the engine");
    await writeFile(containerd.configuration, containerdConfiguration(this.#layout));
    await writeFile(dockerd.configuration, "{}\n");
    await this.#containerd().start(() => socketAnswers(containerd.socket));
    const process = this.#dockerd(dockerdArguments(this.#layout, state.subnet, await uplinkMtu()));
    // dockerd refuses to start when any process has the pid of its file
    if ((await process.pid()) === undefined) await removeFiles(dockerd.ownPid);
    await process.start(() => engineAnswers(dockerd.socket));
  }

  /** An engine that died leaves containers running: it is started once more, for only it can remove them cleanly. */
  async #removeContainers(): Promise<void> {
    const { containerd, dockerd } = this.#layout;
    const left = (await engineAnswers(dockerd.socket)) || (await shimsOf(containerd.socket)).length > 0;
    const state = left ? await readEngineState(this.#layout.stateFile) : undefined;
    if (state === undefined) return;
    await this.#openNetwork(state);
    await this.#startDaemons(state, () => {});
    await removeContainers(dockerd.socket);
  }

  #containerd(): DaemonProcess {
    const { containerd } = this.#layout;
    return new DaemonProcess(containerd, containerdArguments(this.#layout), containerd.configuration, this.#clock);
  }

  #dockerd(args: readonly string[]): DaemonProcess {
    return new DaemonProcess(this.#layout.dockerd, args, this.#layout.dockerd.configuration, this.#clock);
  }

  #facts({ subnet, gateway, remapBase }: EngineState): OwnEngineFacts {
    const { bridge, cgroupParent, dockerd } = this.#layout;
    const ids = { remapBase, remapLength: REMAP_LENGTH };
    return { socketPath: dockerd.socket, ...ids, network: "bridge", bridge, subnet, gateway, cgroupParent };
  }
}
