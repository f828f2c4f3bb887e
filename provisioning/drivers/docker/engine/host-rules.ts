import { runTool, tryTool } from "./run-tool.ts";

/** Who gives sandboxes an address outside: our table, or the engine whose network it is. */
export type Masquerade = "ours" | "the engine's";

/**
 * The host's side of the network as one nft table of ours, made and removed as a whole. Sandboxes reach no service of the
 * host and no neighbor, whatever their guards say; into the bridge come replies only.
 */
export function hostRules(table: string, bridge: string, subnet: string, masquerade: Masquerade): string {
  const post = `
  chain post { type nat hook postrouting priority 100; policy accept;
    ip saddr ${subnet} oifname != "${bridge}" masquerade
  }`;
  return `table inet ${table}
delete table inet ${table}
table inet ${table} {${masquerade === "ours" ? post : ""}
  chain forw { type filter hook forward priority -5; policy accept;
    iifname "${bridge}" oifname "${bridge}" drop
    oifname "${bridge}" ct direction reply ct state established,related accept
    oifname "${bridge}" drop
    iifname "${bridge}" ip saddr != ${subnet} drop
    iifname "${bridge}" meta nfproto ipv6 drop
  }
  chain inp { type filter hook input priority -5; policy accept;
    iifname "${bridge}" drop
  }
}
`;
}

export async function applyHostRules(table: string, bridge: string, subnet: string, masquerade: Masquerade): Promise<void> {
  await runTool("nft", ["-f", "-"], hostRules(table, bridge, subnet, masquerade));
}

export async function hostRulesInForce(table: string): Promise<boolean> {
  return (await tryTool("nft", ["list", "table", "inet", table])).exit === 0;
}

/** Absent is success. */
export async function removeHostRules(table: string): Promise<void> {
  if (await hostRulesInForce(table)) await runTool("nft", ["delete", "table", "inet", table]);
}
