/** What of a persona has no field, as its places in the document, and what it is for. The form says it; a test holds it against the schema. */
export const IN_JSON = [
  { keys: ["network_bandwidth"], says: '{ "ingress": "50Mbit", "egress": "5Mbit" } in place of one amount, where the two ways differ.' },
  { keys: ["preemption"], says: "whether a workspace may have to make room for others. Nothing that runs has to, yet, whatever it says." },
  { keys: ["resource_limits.storage"], says: "is refused: the size of a home does not change while it is used." },
  {
    keys: ["access_controls.install_packages", "access_controls.devices"],
    says: "nobody installs packages into a workspace, and it gets no devices; what says otherwise is refused.",
  },
  { keys: ["$schema"], says: "tells an editor outside what may stand where. Guise does not need it." },
] as const;
