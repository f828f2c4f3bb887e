/**
 * What a WebSocket to a workspace carries (terminals, commands, forwarded connections).
 * Binary messages are data: the first byte names the stream, the rest are its bytes.
 * Text messages are JSON control messages of the shapes below.
 */
export const STREAM = { stdin: 0, stdout: 1, stderr: 2 } as const;
export type StreamName = keyof typeof STREAM;

/** Bytes of one control message at most; a longer one ends the stream. */
export const LONGEST_CONTROL = 256 * 1024;
