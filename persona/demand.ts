import { type Amounts, type PersonaDefinition, parseBandwidth, parseBytes, parseCpu } from "@guise/contract";

/** What a persona asks for, in whole numbers. Throws `QuantityError` for a definition that was not validated. */
export function demandOf({ resource_requirements }: Pick<PersonaDefinition, "resource_requirements">): Amounts {
  const { cpu, ram, storage, network_bandwidth } = resource_requirements;
  const both = typeof network_bandwidth === "string" ? { ingress: network_bandwidth, egress: network_bandwidth } : network_bandwidth;
  return {
    cpu: parseCpu(String(cpu)),
    ram: parseBytes(ram),
    storage: parseBytes(storage),
    ingress: parseBandwidth(both.ingress),
    egress: parseBandwidth(both.egress),
  };
}
