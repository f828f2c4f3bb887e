import { createHash } from "node:crypto";
import { join } from "node:path";
import { EngineError } from "./engine-errors.ts";

/** Where everything of one installation's engine lies and what it is called; two installations share none of it. */
export interface EngineLayout {
  readonly folder: string;
  readonly stateFile: string;
  readonly containerd: DaemonFiles & { readonly configuration: string; readonly root: string; readonly state: string };
  readonly dockerd: DaemonFiles & {
    readonly configuration: string;
    readonly data: string;
    readonly exec: string;
    /** Written by dockerd itself; ours is `pid`. */
    readonly ownPid: string;
  };
  readonly bridge: string;
  readonly table: string;
  readonly remapUser: string;
  readonly cgroupParent: string;
}

export interface DaemonFiles {
  readonly program: string;
  readonly pid: string;
  readonly log: string;
  readonly socket: string;
}

/** The kernel takes 107 bytes for a unix socket's path; containerd adds ".ttrpc" to its own. */
const LONGEST_SOCKET = 101;

export function engineLayout(home: string, installation: string): EngineLayout {
  const folder = join(home, "engine");
  const { bridge, table } = installationNames(installation);
  const layout: EngineLayout = {
    folder,
    stateFile: join(folder, "engine.json"),
    containerd: {
      ...daemonFiles(folder, "containerd", "containerd"),
      configuration: join(folder, "containerd.toml"),
      root: join(folder, "containerd", "root"),
      state: join(folder, "containerd", "state"),
    },
    dockerd: {
      ...daemonFiles(folder, "dockerd", "docker"),
      configuration: join(folder, "daemon.json"),
      data: join(folder, "data"),
      exec: join(folder, "exec"),
      ownPid: join(folder, "docker.pid"),
    },
    bridge,
    table,
    remapUser: bridge,
    cgroupParent: `/guise-${installation}`,
  };
  for (const { socket } of [layout.containerd, layout.dockerd]) {
    if (Buffer.byteLength(socket) > LONGEST_SOCKET) {
      throw new EngineError("path_too_long", `${socket} is too long for a unix socket. Set GUISE_HOME to a shorter path.`);
    }
  }
  return layout;
}

/** What an installation is called on the machine: its bridge and its nft table, whichever engine it has. */
export function installationNames(installation: string): { readonly bridge: string; readonly table: string } {
  const key = installationKey(installation);
  return { bridge: `guise-${key}`, table: `guise_${key}` };
}

/** Eight characters of [a-z2-7]: a bridge's name has at most 15, and installation ids are longer. */
export function installationKey(installation: string): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  let key = "";
  for (const byte of createHash("sha256").update(installation).digest().subarray(0, 8)) key += alphabet[byte & 31];
  return key;
}

function daemonFiles(folder: string, program: string, socket: string): DaemonFiles {
  return { program, pid: join(folder, `${program}.pid`), log: join(folder, `${program}.log`), socket: join(folder, `${socket}.sock`) };
}
