import type { Clock, Ids, Log } from "#foundation";
import type { Driver, PackagePower } from "#provisioning";
import type { EngineClient } from "./client.ts";

/** The images of personas and of guards on the same engine. */
export interface ImageSource extends Pick<Driver, "findImage" | "ensureImage" | "images" | "removeImage">, PackagePower {
  /** Reference of the guards' image. Rejects `image_missing` while it is not there. */
  guardImage(): Promise<string>;
  /** Nothing that stays for the next examination is left. */
  close(): Promise<void>;
}

export interface DockerDriverOptions {
  readonly client: EngineClient;
  readonly installation: string;
  /** Random per process. */
  readonly run: string;
  /** Folder for homes and volumes; below it nothing is anybody else's. */
  readonly home: string;
  /** Name of the node that this engine is. */
  readonly node: string;
  /** First host id of the containers' ids; 0 on an engine without user namespaces. */
  readonly remapBase: number;
  /** How many ids the containers have, counted from there. */
  readonly remapLength: number;
  /** Where the engine listens. */
  readonly socketPath: string;
  /** The engine is Guise's own. */
  readonly isOwnEngine: boolean;
  /** Engine's name of the network that guards are on: "bridge" on Guise's own engine, one of its own on another. */
  readonly network: string;
  /** Range of that network: gateway and peers, which no workspace reaches. */
  readonly subnet: string;
  /** Further addresses or ranges that no workspace reaches: the broker's listeners. The machine's own are found. */
  readonly closed: readonly string[];
  /** Control group that the engine's containers are below, where nobody else's are. */
  readonly cgroupParent?: string;
  readonly images: ImageSource;
  /** Shipped read-only data by volume name. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Guards that wait for a start. */
  readonly poolSize: number;
  /** Bytes of the disk that images of personas may take in all. */
  readonly imageBudget: number;
  /** Bit/s of the uplink, where known. */
  readonly bandwidth?: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly ids: Ids;
}
