import type { UsageInsight } from "@guise/contract";

type Part = Readonly<Record<string, unknown>>;

/** A value that differs from what is asked for, as the persona language writes it. */
const WRITTEN: Readonly<Record<"cpu" | "ram" | "storage", (amount: number) => string>> = {
  cpu: (millicores) => `${millicores}m`,
  ram: (bytes) => `${Math.ceil(bytes / 2 ** 20)}Mi`,
  storage: (bytes) => `${Math.ceil(bytes / 2 ** 20)}Mi`,
};

/** The definition as the insight would have it; undefined where it says nothing of what would change. */
export function draftFor(definition: Part, insight: UsageInsight): Part | undefined {
  if (insight.kind === "unused_application") return withoutApplication(definition, insight.application);
  const { dimension, suggested } = insight;
  const sizes = definition.resource_requirements;
  return isPart(sizes) ? { ...definition, resource_requirements: { ...sizes, [dimension]: WRITTEN[dimension](suggested) } } : undefined;
}

/** Wherever it is named: among the required ones and those opened at first, with its settings; in each environment too. */
function withoutApplication(definition: Part, application: string): Part | undefined {
  const base = withoutIn(definition, application);
  const { environments } = definition;
  const within = isPart(environments)
    ? {
        environments: Object.fromEntries(
          Object.entries(environments).map(([name, part]) => [name, isPart(part) ? withoutIn(part, application) : part]),
        ),
      }
    : {};
  const draft = { ...base, ...within };
  return JSON.stringify(draft) === JSON.stringify(definition) ? undefined : draft;
}

function withoutIn(part: Part, application: string): Part {
  const without = (name: "required_applications" | "launch") => {
    const list = part[name];
    return Array.isArray(list) ? { [name]: list.filter((entry) => !names(entry, application)) } : {};
  };
  const unset = (name: "application_configuration" | "applications") => {
    const { [name]: members } = part;
    return isPart(members) ? { [name]: Object.fromEntries(Object.entries(members).filter(([key]) => key !== application)) } : {};
  };
  return {
    ...part,
    ...without("required_applications"),
    ...without("launch"),
    ...unset("application_configuration"),
    ...unset("applications"),
  };
}

/** By its id, or as the package of that name, at whatever version. */
function names(entry: unknown, application: string): boolean {
  return typeof entry === "string" && entry.replace(/^[a-z]+:/, "").split(/[@=<>~! ]/)[0] === application;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
