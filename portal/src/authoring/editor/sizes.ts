/** Amounts that many find right, to begin with. */
export const SIZES = [
  { name: "Small", of: { cpu: "1", ram: "1Gi", storage: "2Gi", network_bandwidth: "50Mbit" } },
  { name: "Usual", of: { cpu: "1", ram: "2Gi", storage: "5Gi", network_bandwidth: "100Mbit" } },
  { name: "Large", of: { cpu: "2", ram: "8Gi", storage: "20Gi", network_bandwidth: "200Mbit" } },
] as const;

export const USUAL_SIZE = SIZES[1].of;
