import { readFile } from "node:fs/promises";
import { EngineError } from "./engine-errors.ts";
import { freeRange, heldRange, type IdRange, overlaps, parseRanges, REMAP_LENGTH } from "./remap-range.ts";
import { runTool, tryTool } from "./run-tool.ts";

/**
 * The account whose subordinate ids the engine's containers use. Shadow's own tools lock the files and touch no other
 * line. `wanted` is the base that homes on disk already carry; another base would give them wrong owners.
 */
export async function ensureRemapUser(user: string, wanted: number | undefined): Promise<number> {
  const { exit } = await tryTool("getent", ["passwd", user]);
  if (exit !== 0) {
    await runTool("useradd", ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", user]);
  }
  const { uids, gids } = await readRanges();
  const held = heldRange(user, uids, gids);
  if (held !== undefined && (wanted === undefined || held === wanted)) return held;
  const taken = [...uids, ...gids, ...(await accountIds())];
  if (wanted !== undefined && overlaps(wanted, user, taken)) {
    throw new EngineError("no_free_range", `The ids from ${wanted} on belong to somebody else now. Look at: /etc/subuid and /etc/subgid`);
  }
  const base = wanted ?? freeRange(user, taken);
  await dropStale(user, [uids, gids]);
  const range = `${base}-${base + REMAP_LENGTH - 1}`;
  await runTool("usermod", ["--add-subuids", range, "--add-subgids", range, user]);
  return base;
}

/** Removes the account with its ranges; absent is success. */
export async function removeRemapUser(user: string): Promise<void> {
  const { exit } = await tryTool("getent", ["passwd", user]);
  if (exit === 0) await runTool("userdel", [user]);
}

/** dockerd maps to *all* ranges of a user: a new account's own default range, or half of an attempt that died, must go first. */
async function dropStale(user: string, lists: readonly [readonly IdRange[], readonly IdRange[]]): Promise<void> {
  for (const [index, option] of ["--del-subuids", "--del-subgids"].entries()) {
    for (const range of lists[index] ?? []) {
      if (range.user === user) await runTool("usermod", [option, `${range.first}-${range.first + range.length - 1}`, user]);
    }
  }
}

/** The machine's lists of subordinate ids; one that is not there is empty. */
export async function readRanges(): Promise<{ uids: IdRange[]; gids: IdRange[] }> {
  const [uids, gids] = await Promise.all(["/etc/subuid", "/etc/subgid"].map((file) => readFile(file, "utf8").catch(() => "")));
  return { uids: parseRanges(uids ?? ""), gids: parseRanges(gids ?? "") };
}

/** Accounts and groups of the machine as ranges of one id. */
async function accountIds(): Promise<IdRange[]> {
  const texts = await Promise.all(["passwd", "group"].map((list) => tryTool("getent", [list])));
  return texts.flatMap(({ stdout }) =>
    stdout.split("\n").flatMap((line) => {
      const [user, , id] = line.split(":");
      return user !== undefined && id !== undefined && /^\d+$/.test(id) ? [{ user: `account ${user}`, first: Number(id), length: 1 }] : [];
    }),
  );
}
