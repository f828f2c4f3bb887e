import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CallRules, faultsOf, kindsOf } from "../../engine-calls/call-rules.ts";
import type { EngineCall } from "../../engine-calls/request-reader.ts";

const RECORDER = join(import.meta.dirname, "..", "..", "engine-calls", "recorder.ts");

/** The engine of an acceptance test, with somebody before its socket who writes down every call that Guise makes. */
export class RecordedEngine {
  readonly #home: string;
  readonly #file: string;
  #recorder: ChildProcess | undefined;

  constructor(home: string, file: string) {
    this.#home = home;
    this.#file = file;
  }

  /** From now on every call is written down; nothing changes when that is so already. */
  async record(variables: NodeJS.ProcessEnv): Promise<void> {
    if (this.#recorder !== undefined) return;
    const recorder = spawn(process.execPath, [RECORDER, this.#home, this.#file], { env: variables, stdio: ["pipe", "pipe", "inherit"] });
    this.#recorder = recorder;
    await Promise.race([
      once(recorder.stdout, "data"),
      once(recorder, "exit").then(([code]) => Promise.reject(new Error(`the engine's recorder ended with ${code}`))),
    ]);
  }

  /** The engine's own socket, beside the recorder: what a test asks the engine is not Guise's call. */
  get socket(): string {
    return join(this.#home, "engine", this.#recorder === undefined ? "docker.sock" : "docker.sock.aside");
  }

  async end(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder === undefined) return;
    recorder.stdin?.end();
    if (recorder.exitCode === null) await once(recorder, "exit");
  }

  check(rules: CallRules): void {
    checkCalls(this.#file, rules);
  }
}

/** Prints how many calls of which kind were recorded; throws when one broke a rule. */
export function checkCalls(file: string, rules: CallRules): void {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const calls = lines.map((line) => JSON.parse(line) as EngineCall);
  const kinds = [...kindsOf(calls)].map(([kind, count]) => `${count} × ${kind}`);
  process.stdout.write(`${calls.length} calls to the engine, of ${kinds.length} kinds: ${kinds.join(", ")}\n`);
  const faults = calls.flatMap((call) => faultsOf(call, rules).map((fault) => `${call.method} ${call.path}: ${fault}`));
  if (faults.length > 0) throw new Error(`calls to the engine break the rules:\n${[...new Set(faults)].join("\n")}`);
  if (!calls.some(({ path }) => path === "/containers/create"))
    throw new Error("no container was seen to be created: nothing was recorded");
}
