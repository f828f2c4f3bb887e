import { type Duplex, finished } from "node:stream";
import { plainText } from "@guise/contract";
import { type Clock, codeOf, delay, messageOf } from "#foundation";
import type { Channel } from "./channel.ts";
import { ProvisioningError } from "./errors.ts";
import { shellWords } from "./launching/shell-words.ts";

/** Where something listens inside: a loopback TCP port or a unix socket. */
export type Listening = { readonly port: number } | { readonly socket: string };

/** When something is ready, as a value. */
export type Probe =
  /** A command (arguments, not shell text) ends with 0. */
  | { readonly kind: "command"; readonly run: readonly string[] }
  /** An HTTP request is answered, whatever the status. */
  | ({ readonly kind: "http"; readonly path: string } & Listening)
  /** A connection is taken. */
  | ({ readonly kind: "port" } & Listening);

export interface Waiting {
  /** Ms for all probes together. */
  readonly within: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Asked after each try that failed: gives the reason when waiting longer is of no use. */
  readonly hopeless?: () => Promise<string | undefined>;
}

const EACH_PROGRAM = `. /usr/lib/guise/environment; for p; do command -v "$p" >/dev/null || { echo "$p is not there" >&2; exit 1; }; done`;

/** Each program is found where the person's own shell looks for it. What their variables would do to a program does nothing here: none is started. */
export function programsProbe(programs: readonly string[]): Probe {
  return { kind: "command", run: ["sh", "-c", EACH_PROGRAM, "probe", ...programs] };
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;
const LONGEST_TRY = 5000;
/** These say nothing about the probe: there is no channel to probe over. */
const CHANNEL_FAULTS = ["channel_lost", "channel_hostile"];

/** Resolves when every probe has passed once, in order. Rejects `readiness_failed` and says which did not, and why; `cancelled`; or as the channel. */
export async function waitUntilReady(channel: Channel, probes: readonly Probe[], waiting: Waiting): Promise<void> {
  const deadline = waiting.clock.monotonic() + waiting.within;
  for (const probe of probes) await waitForProbe(channel, probe, deadline, waiting);
}

async function waitForProbe(channel: Channel, probe: Probe, deadline: number, { within, clock, signal, hopeless }: Waiting): Promise<void> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    if (signal?.aborted === true) throw cancelled(signal);
    const failure = await tryOnce(channel, probe, clock, Math.min(LONGEST_TRY, Math.max(1, deadline - clock.monotonic())), signal);
    if (failure === undefined) return;
    const noHope = await hopeless?.();
    if (noHope !== undefined) throw new ProvisioningError("readiness_failed", `${describe(probe)}: ${noHope}`);
    if (clock.monotonic() + pause >= deadline)
      throw new ProvisioningError("readiness_failed", `${describe(probe)} did not pass within ${within} ms: ${failure}`);
    await delay(clock, pause, signal).catch(() => {});
  }
}

/** Undefined when it passed, else the reason. */
async function tryOnce(
  channel: Channel,
  probe: Probe,
  clock: Clock,
  within: number,
  outer: AbortSignal | undefined,
): Promise<string | undefined> {
  const abort = new AbortController();
  const stop = () => abort.abort(outer?.reason);
  const timer = clock.after(within, () => abort.abort());
  outer?.addEventListener("abort", stop, { once: true });
  try {
    return await passes(channel, probe, abort.signal);
  } catch (error) {
    if (outer?.aborted === true) throw cancelled(outer);
    if (CHANNEL_FAULTS.includes(codeOf(error) ?? "")) throw error;
    return abort.signal.aborted ? `no answer within ${Math.round(within)} ms` : plainText(messageOf(error), 300);
  } finally {
    timer.cancel();
    outer?.removeEventListener("abort", stop);
  }
}

async function passes(channel: Channel, probe: Probe, signal: AbortSignal): Promise<string | undefined> {
  if (probe.kind === "command") {
    const { exit, stderr } = await channel.run(shellWords(probe.run), { signal });
    return exit === 0 ? undefined : `ended with ${exit} ${plainText(stderr.trim(), 200)}`.trim();
  }
  const connection = await channel.forward("port" in probe ? { port: probe.port } : { socket: probe.socket });
  try {
    return probe.kind === "port" ? undefined : await answersHttp(connection, probe.path, signal);
  } finally {
    connection.on("error", () => {});
    connection.destroy();
  }
}

const STATUS_LINE = /^HTTP\/1\.[01] \d{3}/;
/** No spaces or line ends: they would make another request of it. */
const URL_PATH = /^\/[\x21-\x7e]*$/;
const STATUS_LENGTH = "HTTP/1.1 200".length;

function answersHttp(connection: Duplex, path: string, signal: AbortSignal): Promise<string | undefined> {
  if (!URL_PATH.test(path)) return Promise.resolve("its path is not the path of a URL");
  return new Promise((resolve, reject) => {
    let said = "";
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    connection.on("data", (data: Buffer) => {
      said += data.subarray(0, STATUS_LENGTH).toString("latin1");
      if (said.length >= STATUS_LENGTH) resolve(STATUS_LINE.test(said) ? undefined : "what answers does not speak HTTP");
    });
    finished(connection, () => {
      signal.removeEventListener("abort", stop);
      resolve("the connection was closed without an answer");
    });
    connection.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: guise\r\nConnection: close\r\n\r\n`);
  });
}

function describe(probe: Probe): string {
  if (probe.kind === "command") return `the probe ${JSON.stringify(probe.run)}`;
  return `the probe ${probe.kind} ${"port" in probe ? probe.port : probe.socket}${probe.kind === "http" ? probe.path : ""}`;
}

function cancelled(signal: AbortSignal): ProvisioningError {
  return new ProvisioningError("cancelled", "waiting for readiness was cancelled", { cause: signal.reason });
}
