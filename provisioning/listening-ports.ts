import type { Channel } from "./channel.ts";

/** Of the kernel's lists of sockets, those that listen; bounded, for who opens thousands may. */
const COMMAND = "grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6 | head -c 65536";
/** Ports that the kernel chooses for whoever asks for any: of programs among themselves, as a notebook's kernel and its server. */
const CHOSEN_FROM = 32_768;
const CHOSEN_TO = 60_999;
/** More are not told of. */
const MOST = 64;
/** Addresses on which a connection from loopback arrives, as the kernel writes them. */
const REACHED = new Set([
  ...["0100007F", "00000000"],
  ...["00000000000000000000000000000000", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"],
]);

/** TCP ports inside that something listens on by its own choice, and that loopback reaches; the lowest first. Rejects as the channel. */
export async function listeningPorts(channel: Channel): Promise<readonly number[]> {
  const { stdout } = await channel.run(COMMAND);
  return portsIn(stdout);
}

/** Pure. */
export function portsIn(text: string): readonly number[] {
  const ports = text.split("\n").flatMap((line) => {
    const [, address = "", port = ""] = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) /.exec(line) ?? [];
    const number = Number.parseInt(port, 16);
    const isChosen = number >= CHOSEN_FROM && number <= CHOSEN_TO;
    return REACHED.has(address) && !isChosen ? [number] : [];
  });
  return [...new Set(ports)].sort((a, b) => a - b).slice(0, MOST);
}
