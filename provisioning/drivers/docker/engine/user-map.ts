import { EngineError } from "./engine-errors.ts";
import type { IdRange } from "./remap-range.ts";

/** What an engine says of itself that tells which ids its containers have. */
export interface EngineIdentity {
  readonly SecurityOptions?: readonly string[] | null;
  readonly DockerRootDir: string;
}

export interface UserMap {
  /** Host id of the containers' id 0. */
  readonly base: number;
  /** How many ids follow it. */
  readonly length: number;
}

/** Every id that Linux has but the last, which means "none". */
const ALL_IDS = 2 ** 32 - 1;

/**
 * The ids of a remapped engine: its data folder is named after the first ("UID.GID"), and the machine's lists say how far they
 * go. Without remapping they are the machine's own. Rejects `foreign_unsuited`: homes are owned by one number for user and group.
 */
export function userMapOf({ SecurityOptions, DockerRootDir }: EngineIdentity, uids: readonly IdRange[], gids: readonly IdRange[]): UserMap {
  if (!(SecurityOptions ?? []).some((option) => option.startsWith("name=userns"))) return { base: 0, length: ALL_IDS };
  const [uid, gid] = /\/(\d+)\.(\d+)$/.exec(DockerRootDir)?.slice(1).map(Number) ?? [];
  if (uid === undefined || gid === undefined)
    throw unsuited(`the engine remaps users, and its folder ${DockerRootDir} does not say to which ids`);
  if (uid !== gid) throw unsuited(`the engine remaps users from ${uid} and groups from ${gid}`);
  const [users, groups] = [uids, gids].map((ranges) => ranges.find(({ first }) => first === uid)?.length);
  if (users === undefined || groups === undefined) throw unsuited(`no line of both lists begins at ${uid}, from where the engine remaps`);
  return { base: uid, length: Math.min(users, groups) };
}

function unsuited(what: string): EngineError {
  return new EngineError(
    "foreign_unsuited",
    `Homes cannot get their owners: ${what}. Give the account of --userns-remap one range, the same in /etc/subuid and /etc/subgid, or use GUISE_ENGINE=own`,
  );
}
