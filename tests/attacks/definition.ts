/** A definition in which nothing is wrong, but for what an attempt puts into it. */
export function definition(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    persona_id: "attacked",
    persona_name: "Attacked",
    required_applications: ["apt:jq"],
    resource_requirements: { cpu: "100m", ram: "64Mi", storage: "64Mi", network_bandwidth: "1Mbit" },
    ...over,
  };
}
