/** What the rest of the driver needs to know of an engine that is up. */
export interface EngineFacts {
  readonly socketPath: string;
  /** First host id of the containers' ids: the owner on disk of a container's root. 0 without user namespaces. */
  readonly remapBase: number;
  /** How many ids the containers have, counted from there. */
  readonly remapLength: number;
  /** The engine's name of the network that guards are on. */
  readonly network: string;
  /** Its device on this machine. */
  readonly bridge: string;
  readonly subnet: string;
  readonly gateway: string;
}
