import {
  type CatalogApplication,
  type CatalogView,
  kindFacts,
  PERSONA_ID_PATTERN,
  parseBandwidth,
  parseBytes,
  parseCpu,
  parseDuration,
  QuantityError,
} from "@guise/contract";
import type { Answers } from "./answers.ts";
import type { Ask, Choice } from "./ask.ts";
import { listed } from "./listed.ts";
import { settingsOf, type Value } from "./settings-questions.ts";

/** Asks for everything that a persona needs, from what the installation has. */
export async function answersFrom(ask: Ask, catalog: CatalogView): Promise<Answers> {
  const persona_name = await ask.text({
    question: "What is it called?",
    example: "Data Analyst",
    check: (typed) => (typed === "" ? "a name is needed" : undefined),
  });
  const persona_id = await ask.text({ question: "Under which id?", initial: idFrom(persona_name), check: idFault });
  const description = await ask.text({ question: "What is it for? (one sentence; may be empty)" });
  const applications = await ask.many(
    "Which applications? (type to search, Tab to choose)",
    catalog.applications.map(applicationChoice),
    false,
  );
  const packages = listed(
    await ask.text({
      question: applications.length === 0 ? "Which packages?" : "Further packages? (may be empty)",
      example: "apt:gnumeric, pip:polars==1.9.0, pipx:httpie==3.*, npm:prettier@3.3.3",
      check: (typed) => packagesFault(typed, applications.length > 0),
    }),
  );
  const chosen = catalog.applications.filter(({ application }) => applications.includes(application));
  const settings: Record<string, Record<string, Value>> = {};
  for (const application of chosen) settings[application.application] = await settingsOf(ask, application);
  const openable = chosen.filter(({ kind }) => kindFacts(kind).runsAs !== undefined);
  const launch =
    openable.length === 0
      ? []
      : await ask.many("Which open by themselves when it is ready? (Enter: none)", openable.map(applicationChoice), false);
  const data_sources = await sourcesFrom(ask, catalog);
  const egress = listed(
    await ask.text({
      question: "What may it reach in the network? (may be empty: nothing)",
      example: "reports.example.com:443, 10.20.0.0/16:5432",
      check: egressFault,
    }),
  );
  const cpu = await ask.text({ question: "Cores", initial: "1", check: quantityFault(parseCpu) });
  const ram = await ask.text({ question: "Memory", initial: "2Gi", check: quantityFault(parseBytes) });
  const storage = await ask.text({ question: "Storage of its home", initial: "2Gi", check: quantityFault(parseBytes) });
  const network_bandwidth = await ask.text({
    question: "Network bandwidth, each way, per second",
    initial: "50Mbit",
    check: quantityFault(parseBandwidth),
  });
  const idle = await ask.text({
    question: "Pause it when nobody used it for (empty: never)",
    initial: "30m",
    check: (typed) => (typed === "" ? undefined : quantityFault(parseDuration)(typed)),
  });
  const home = (await ask.one("When it is given back, the home with the person's files is", [
    { value: "delete", label: "deleted" },
    { value: "keep", label: "kept, for the next time" },
  ])) as Answers["home"];
  return {
    persona_id,
    persona_name,
    description,
    applications,
    packages,
    settings,
    launch,
    data_sources,
    egress,
    cpu,
    ram,
    storage,
    network_bandwidth,
    idle,
    home,
  };
}

async function sourcesFrom(ask: Ask, { data_sources }: CatalogView): Promise<readonly string[]> {
  if (data_sources.length === 0) return [];
  return ask.many(
    "Which data sources does it read? (Enter: none)",
    data_sources.map(({ source, kind }) => ({ value: source, label: source, hint: kind })),
    false,
  );
}

function applicationChoice({ application, name, description }: CatalogApplication): Choice {
  return { value: application, label: name, hint: description };
}

/** "Data Analyst" → "data-analyst". */
export function idFrom(name: string): string {
  const words =
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words
    .join("-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 63)
    .replace(/-$/, "");
}

function idFault(typed: string): string | undefined {
  return PERSONA_ID_PATTERN.test(typed) && typed.length <= 63
    ? undefined
    : "lower-case letters, digits and inner hyphens, beginning with a letter";
}

function packagesFault(typed: string, mayBeEmpty: boolean): string | undefined {
  const packages = listed(typed);
  if (packages.length === 0) return mayBeEmpty ? undefined : "choose an application or name a package";
  const wrong = packages.find((item) => !/^(?:apt|pip|npm):\S+$/.test(item));
  return wrong === undefined ? undefined : `"${wrong}" is not manager:package, such as apt:gnumeric`;
}

function egressFault(typed: string): string | undefined {
  const wrong = listed(typed).find((item) => !/^\S+:\d{1,5}(?:\/(?:udp|tcp))?$/.test(item));
  return wrong === undefined ? undefined : `"${wrong}" is not host:port or cidr:port`;
}

function quantityFault(parse: (text: string) => number): (typed: string) => string | undefined {
  return (typed) => {
    try {
      parse(typed);
      return undefined;
    } catch (error) {
      return error instanceof QuantityError ? `that is not ${error.expected}` : "that cannot be read";
    }
  };
}
