import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { TEST_SLOT } from "./test-slot.ts";

/** Written by whoever holds the Guise that acceptance tests share, while it is up. */
export const SHARED_GUISE = join(TEST_SLOT.home, "shared-guise.json");

export interface SharedGuise {
  /** Of its holder: SIGTERM ends the Guise and its engine in order. */
  readonly pid: number;
  /** Process of the test run that started it: another run has other code. */
  readonly run: number;
  /** Credentials of its first account, and the record of its calls to the engine. */
  readonly folder: string;
}

/** The one that runs now, whoever started it. */
function runningGuise(): SharedGuise | undefined {
  if (!existsSync(SHARED_GUISE)) return undefined;
  const shared = JSON.parse(readFileSync(SHARED_GUISE, "utf8")) as SharedGuise;
  return existsSync(`/proc/${shared.pid}`) ? shared : undefined;
}

/** The one of this run of the tests. */
export function sharedGuise(): SharedGuise | undefined {
  const shared = runningGuise();
  return shared?.run === process.ppid ? shared : undefined;
}

/** Who needs the engine alone, or without a Guise on it, ends the shared one first; the next who wants it starts it again. */
export async function endSharedGuise(): Promise<void> {
  const shared = runningGuise();
  if (shared === undefined) return;
  process.kill(shared.pid, "SIGTERM");
  while (existsSync(`/proc/${shared.pid}`)) await setTimeout(20);
}
