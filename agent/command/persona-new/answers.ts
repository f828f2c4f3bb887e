/** What was asked for a new persona; `personaOf` makes the document of it. */
export interface Answers {
  readonly persona_id: string;
  readonly persona_name: string;
  readonly description: string;
  /** Catalog ids. */
  readonly applications: readonly string[];
  /** manager:package, with a version where one is pinned. */
  readonly packages: readonly string[];
  /** By application, by setting. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string | number | boolean | readonly string[]>>>>;
  readonly launch: readonly string[];
  readonly data_sources: readonly string[];
  readonly egress: readonly string[];
  readonly cpu: string;
  readonly ram: string;
  readonly storage: string;
  readonly network_bandwidth: string;
  /** "" for no limit. */
  readonly idle: string;
  readonly home: "keep" | "delete";
}

/** The definition as an author would write it: nothing in it that was not chosen. Pure. */
export function personaOf(answers: Answers): Record<string, unknown> {
  const { persona_id, persona_name, description, applications, packages, settings, launch, data_sources, egress, idle, home } = answers;
  const { cpu, ram, storage, network_bandwidth } = answers;
  const configuration = Object.fromEntries(Object.entries(settings).filter(([, values]) => Object.keys(values).length > 0));
  const access = {
    ...(data_sources.length === 0 ? {} : { data_sources: data_sources.map((source) => ({ source, access: "read" })) }),
    ...(egress.length === 0 ? {} : { network: { egress } }),
  };
  return {
    persona_id,
    persona_name,
    ...(description === "" ? {} : { description }),
    required_applications: [...applications, ...packages],
    ...(Object.keys(configuration).length === 0 ? {} : { application_configuration: configuration }),
    ...(launch.length === 0 ? {} : { launch }),
    resource_requirements: { cpu, ram, storage, network_bandwidth },
    ...(Object.keys(access).length === 0 ? {} : { access_controls: access }),
    lifetime: { ...(idle === "" ? {} : { idle }), home },
  };
}
