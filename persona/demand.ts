import { type Amounts, type PersonaDefinition, parseBandwidth, parseBytes, parseCpu } from "@guise/contract";

type Resources = Pick<PersonaDefinition, "resource_requirements" | "resource_limits">;

/** What a persona asks for, in whole numbers. Throws `QuantityError` for a definition that was not validated. */
export function demandOf({ resource_requirements: wanted }: Pick<Resources, "resource_requirements">): Amounts {
  return {
    cpu: parseCpu(String(wanted.cpu)),
    ram: parseBytes(wanted.ram),
    storage: parseBytes(wanted.storage),
    ...bandwidthOf(wanted.network_bandwidth),
  };
}

/** What a workspace of it may be resized to; without a limit no more than it asks for. */
export function limitsOf(resources: Resources): Amounts {
  const { cpu, ram, network_bandwidth } = resources.resource_limits ?? {};
  return {
    ...demandOf(resources),
    ...(cpu === undefined ? {} : { cpu: parseCpu(String(cpu)) }),
    ...(ram === undefined ? {} : { ram: parseBytes(ram) }),
    ...(network_bandwidth === undefined ? {} : bandwidthOf(network_bandwidth)),
  };
}

function bandwidthOf(bandwidth: Resources["resource_requirements"]["network_bandwidth"]): Pick<Amounts, "ingress" | "egress"> {
  const both = typeof bandwidth === "string" ? { ingress: bandwidth, egress: bandwidth } : bandwidth;
  return { ingress: parseBandwidth(both.ingress), egress: parseBandwidth(both.egress) };
}
