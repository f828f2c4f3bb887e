import type { AccessControls } from "./persona.ts";

/** Which ways lead into a workspace and out of it, beside its network. */
export interface TransferWays {
  /** Text from the person's clipboard. */
  readonly clipboard_in: boolean;
  /** Text into the person's clipboard. */
  readonly clipboard_out: boolean;
  readonly files_in: boolean;
  readonly files_out: boolean;
  /** Streams that anything can go through: pipes of commands, connections to ports, web applications, SSH. */
  readonly streams: boolean;
}

export type TransferWay = keyof TransferWays;

type Limits = Pick<AccessControls, "clipboard" | "file_transfer">;

/**
 * What a persona's limits leave open. A limit of the clipboard closes files in the same direction too, and any limit at all closes what carries
 * whatever is put into it: else the limit would say something and hold nothing.
 */
export function transferWays({ clipboard = "both", file_transfer: files = "both" }: Limits = {}): TransferWays {
  const has = (limit: string, way: "in" | "out") => limit === way || limit === "both";
  return {
    clipboard_in: has(clipboard, "in"),
    clipboard_out: has(clipboard, "out"),
    files_in: has(files, "in") && has(clipboard, "in"),
    files_out: has(files, "out") && has(clipboard, "out"),
    streams: clipboard === "both" && files === "both",
  };
}

/** What is closed, for people: completes "Its persona …". */
export const CLOSED_WAYS: Readonly<Record<TransferWay, string>> = {
  clipboard_in: "takes no text from your clipboard",
  clipboard_out: "puts no text into your clipboard",
  files_in: "takes no files in",
  files_out: "gives no files out",
  streams: "limits what goes in and out, so that nothing is streamed: no pipes, ports, web applications or SSH; a terminal is open",
};
