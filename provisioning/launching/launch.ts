import type { ApplicationKind } from "@guise/contract";
import { plainLines } from "@guise/contract";
import type { Channel, ChannelProcess, TerminalSize } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { shellVariables, shellWords } from "./shell-words.ts";

/** In the image, from `provisioning/inside/main`. */
const PROGRAM = "/usr/lib/guise/launch";
/** Where launches are, inside. */
export const LAUNCHES = "/run/guise/launches";
const LAUNCH_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const USUAL_SIZE: TerminalSize = { columns: 80, rows: 24 };
const USUAL_SCREEN: Screen = { width: 1280, height: 800, scale: 1 };

/** What a desktop application is shown on, until a viewer says what it has. */
export interface Screen {
  /** Pixels, before scaling. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the display for each of these: 2 is sharp on a screen of twice as many. */
  readonly scale: number;
}

export interface LaunchSpec {
  /** [a-z0-9-], at most 64 characters, never used before in this sandbox. */
  readonly launchId: string;
  readonly kind: ApplicationKind;
  /** Arguments, not shell text. */
  readonly command: readonly string[];
  /** Absolute or `~/…`; the home unless told. */
  readonly workingDirectory?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Of a terminal, until somebody attaches. 80 × 24 unless told. */
  readonly size?: TerminalSize;
  /** Of a desktop application; 1280 × 800 unless told. */
  readonly screen?: Screen;
}

/** What is written down with a launch, to be found again. Reported: whoever runs code inside can change it. */
export interface LaunchRecord {
  readonly kind: ApplicationKind;
  readonly command: readonly string[];
}

/**
 * Starts an application that outlives the channel: in a terminal of its own (kind terminal), else without one and with its
 * output kept in a bounded file; on a display of its own (kind desktop). Resolves when it runs. Rejects `launch_failed` when the program or folder is not there.
 */
export async function beginLaunch(channel: Channel, spec: LaunchSpec): Promise<void> {
  const { launchId, kind, command, workingDirectory = "~", variables = {} } = spec;
  const record: LaunchRecord = { kind, command };
  const [columns, rows] = sizeOf(spec);
  if (command.length === 0) throw new ProvisioningError("launch_failed", "there is no command to launch");
  const arguments_ = ["start", kind, idOf(launchId), columns, rows, workingDirectory, JSON.stringify(record), ...command];
  const { exit, stderr } = await channel.run(launchCommand(arguments_), { input: asShell(() => shellVariables(variables)) });
  if (exit !== 0) throw new ProvisioningError("launch_failed", plainLines(stderr.trim(), 300) || `the launch ended with ${exit}`);
}

function sizeOf({ kind, size = USUAL_SIZE, screen: { width, height, scale } = USUAL_SCREEN }: LaunchSpec): [string, string] {
  if (kind === "terminal") return [String(size.columns), String(size.rows)];
  return kind === "desktop" ? [`${width * scale}x${height * scale}`, String(scale)] : ["-", "-"];
}

/** Asks what the launch started to end, and ends it after `grace` ms. Resolves when nothing of it runs. Ended or unknown is success. */
export async function stopLaunch(channel: Channel, launchId: string, grace = 5000): Promise<void> {
  const { exit, stderr } = await channel.run(launchCommand(["stop", idOf(launchId), String(Math.ceil(grace / 100))]));
  if (exit !== 0) throw new ProvisioningError("launch_failed", `the launch was not stopped: ${plainLines(stderr.trim(), 300)}`);
}

/** The last output of a launch without a terminal; at most 64 KiB, as the program wrote it. */
export async function readOutput(channel: Channel, launchId: string): Promise<string> {
  return (await channel.run(launchCommand(["output", idOf(launchId)]))).stdout;
}

/** With the workspace's variables. Those of an earlier Guise's sandboxes are there already. */
const AS_PERSON = "[ ! -r /usr/lib/guise/environment ] || . /usr/lib/guise/environment";

const NAMELESS = "echo 'exec: a program without a name: not found' >&2; exit 127";

/**
 * A person's command in the foreground: its streams and exit are the caller's, and nothing is written down. The shell before it reads none of
 * their variables, and takes a first word such as `-c` for the name of a command (dash: its `exec` has no options).
 */
export async function openCommand(
  channel: Channel,
  command: readonly string[],
  { terminal, variables = {} }: { terminal?: TerminalSize & { readonly type: string }; variables?: Readonly<Record<string, string>> } = {},
): Promise<ChannelProcess> {
  // A program without a name is none; dash would take it for the folders of its PATH.
  const text = asShell(() => `${AS_PERSON}\n${shellVariables(variables)}${command[0] === "" ? NAMELESS : `exec ${shellWords(command)}`}`);
  return channel.open(text, terminal === undefined ? {} : { terminal });
}

export function launchCommand(words: readonly string[]): string {
  return asShell(() => shellWords([PROGRAM, ...words]));
}

export function idOf(launchId: string): string {
  if (!LAUNCH_ID.test(launchId)) throw new ProvisioningError("launch_failed", "this is no launch id");
  return launchId;
}

/** What no program can be given is the fault of who asks for it, not ours. */
function asShell(text: () => string): string {
  try {
    return text();
  } catch (error) {
    if (error instanceof RangeError) throw new ProvisioningError("unfit_arguments", error.message, { cause: error });
    throw error;
  }
}
