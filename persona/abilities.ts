import {
  type Amounts,
  DIMENSIONS,
  type Dimension,
  formatAmount,
  type PersonaDefinition,
  PRIORITIES,
  type Priority,
  parseDuration,
} from "@guise/contract";
import { demandOf, limitsOf } from "./demand.ts";
import type { EnvironmentDefinition } from "./environments.ts";

/** One thing that a persona allows in one environment, as the end of a sentence that begins with its name. */
export type Ability = string;

/** An amount that a persona may take: the larger, the more it may. */
export interface Measure {
  readonly amount: number;
  /** "takes 2 cpu". */
  readonly words: string;
}

/** What is there or not. A word that allows more than another one (write, both) stands as all that it allows. */
export function abilitiesOf(definition: EnvironmentDefinition, ownerGroup: string): ReadonlySet<Ability> {
  const { access_controls: access = {}, lifetime, preemption } = definition;
  const { clipboard = "both", file_transfer = "both" } = access;
  const sources = access.data_sources ?? [];
  return new Set([
    ...(access.groups ?? [ownerGroup]).map((group) => `may be requested by the group ${group}`),
    ...sources.map(({ source }) => `reads the data source ${source}`),
    ...sources.filter((source) => source.access === "write").map(({ source }) => `writes to the data source ${source}`),
    ...(access.network?.egress ?? []).map((destination) => `reaches ${destination.toLowerCase()}`),
    ...when(clipboard === "in" || clipboard === "both", "takes what is in the person's clipboard"),
    ...when(clipboard === "out" || clipboard === "both", "puts text into the person's clipboard"),
    ...when(file_transfer === "in" || file_transfer === "both", "takes files in"),
    ...when(file_transfer === "out" || file_transfer === "both", "gives files out"),
    ...when(access.install_packages === "user", "installs packages into its home"),
    ...(access.devices ?? []).map((device) => `uses the device ${device}`),
    ...when(preemption === "never", "is never displaced by others"),
    ...when(lifetime?.home === "keep", "keeps its home when it is given back"),
  ]);
}

/** What it may run, which is the same in every environment. */
export function applicationAbilities({ required_applications }: Pick<PersonaDefinition, "required_applications">): ReadonlySet<Ability> {
  return new Set(required_applications.map((application) => `runs ${application}`));
}

/** By name, what may be more or less. Of a definition that was validated. */
export function measuresOf(definition: EnvironmentDefinition): ReadonlyMap<string, Measure> {
  const { lifetime, priority = "normal" } = definition;
  const amounts = (of: Amounts, verb: string): [string, Measure][] =>
    DIMENSIONS.map((dimension: Dimension) => [
      `${verb} ${dimension}`,
      { amount: of[dimension], words: `${verb} ${formatAmount(dimension, of[dimension])}` },
    ]);
  return new Map([
    ...amounts(demandOf(definition), "takes"),
    ...amounts(limitsOf(definition), "may be resized to"),
    ["priority", { amount: PRIORITIES[priority as Priority], words: `waits with priority ${priority}` }],
    ["idle", duration(lifetime?.idle, "stays unused for", "stays unused for as long as it likes")],
    ["maximum", duration(lifetime?.maximum, "is held for", "is held without an end")],
  ]);
}

function duration(text: string | undefined, verb: string, unlimited: string): Measure {
  return text === undefined
    ? { amount: Number.POSITIVE_INFINITY, words: unlimited }
    : { amount: parseDuration(text), words: `${verb} ${text}` };
}

function when(holds: boolean, ability: Ability): readonly Ability[] {
  return holds ? [ability] : [];
}
