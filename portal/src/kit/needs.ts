import { type Amounts, formatBandwidth, formatBytes, formatCpu } from "@guise/contract";

/** "1 cpu · 1 GiB ram · 2 GiB storage · 50 Mbit/s". Both ways of the network are named where they differ. */
export function needsText({ cpu, ram, storage, ingress, egress }: Amounts): string {
  const network = ingress === egress ? formatBandwidth(ingress) : `${formatBandwidth(ingress)} in, ${formatBandwidth(egress)} out`;
  return [formatCpu(cpu), `${formatBytes(ram)} ram`, `${formatBytes(storage)} storage`, network].join(" · ");
}
