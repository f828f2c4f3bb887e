/** Asks a guard what its limits of bandwidth dropped: the shaping of both devices, or the policing where there is no ifb. */
export const DROPPED_ORDER = "tc -s qdisc show; nft list table inet guise_rate 2>/dev/null; true";

/** From what that order printed: the figures of a device stand in the line below its own. Pure. */
export function parseDropped(text: string): { readonly ingress: number; readonly egress: number } {
  const lines = text.split("\n");
  const shapedOn = (device: string) => {
    const at = lines.findIndex((line) => line.includes("qdisc tbf ") && line.includes(` dev ${device} root `));
    return at === -1 ? undefined : numberAfter(lines[at + 1] ?? "", "(dropped ");
  };
  const policed = lines.find((line) => line.includes("kbytes/second"));
  return { ingress: shapedOn("ifb0") ?? numberAfter(policed ?? "", "counter packets "), egress: shapedOn("eth0") ?? 0 };
}

function numberAfter(line: string, words: string): number {
  const at = line.indexOf(words);
  return at === -1 ? 0 : Number.parseInt(line.slice(at + words.length), 10) || 0;
}
