import type { Ids, Log } from "#foundation";
import type { EngineClient } from "./client.ts";

/** What every call to the engine is made with. */
export interface EngineContext {
  readonly client: EngineClient;
  /** The installation that everything made here belongs to. */
  readonly installation: string;
  /** Random per process: tells what this process made from what a crashed one left. */
  readonly run: string;
  readonly ids: Ids;
  readonly log: Log;
}
