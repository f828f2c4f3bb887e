import type { DefinitionChange, PersonaDefinition, PersonaDifference, ReachChange } from "@guise/contract";
import { abilitiesOf, applicationAbilities, type Measure, measuresOf } from "./abilities.ts";
import { canonicalJson } from "./digest.ts";
import { definitionIn, environmentsOf } from "./environments.ts";
import { isObject } from "./is-object.ts";
import { jsonPath, type PathTokens } from "./json-path.ts";

type Compared = Pick<PersonaDifference, "changes" | "newly_may" | "no_longer_may">;

/** What changes between two validated definitions of one persona, and in sentences what it newly may and no longer may, per environment. Pure. */
export function differenceOf(before: PersonaDefinition, after: PersonaDefinition, ownerGroup: string): Compared {
  const newly = new Sentences();
  const noLonger = new Sentences();
  const [earlier, later] = [environmentsOf(before), environmentsOf(after)];
  for (const environment of new Set([...later, ...earlier])) {
    const was = reachIn(before, environment, ownerGroup);
    const is = reachIn(after, environment, ownerGroup);
    if (!earlier.includes(environment)) newly.addOf(environment);
    if (!later.includes(environment)) noLonger.addOf(environment);
    if (later.includes(environment)) compareReach(was, is, "before", (sentence) => newly.add(sentence, environment));
    if (later.includes(environment) && earlier.includes(environment))
      compareReach(is, was, "now", (sentence) => noLonger.add(sentence, environment));
  }
  return { changes: changesBetween(before, after, []), newly_may: newly.all(later), no_longer_may: noLonger.all(earlier) };
}

interface Reach {
  readonly abilities: ReadonlySet<string>;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** In an environment that it does not have: what it may without any overlay. */
function reachIn(definition: PersonaDefinition, environment: string, ownerGroup: string): Reach {
  const shown = definitionIn(definition, environment) ?? definition;
  return {
    abilities: new Set([...applicationAbilities(definition), ...abilitiesOf(shown, ownerGroup)]),
    measures: measuresOf(shown),
  };
}

/** Tells what `is` has beyond `was`. */
function compareReach(was: Reach, is: Reach, other: "before" | "now", tell: (sentence: string) => void): void {
  for (const ability of is.abilities) if (!was.abilities.has(ability)) tell(ability);
  for (const [name, { amount, words }] of is.measures) {
    const measure = was.measures.get(name);
    if (measure !== undefined && amount > measure.amount) tell(`${words} (${other}: ${measure.words})`);
  }
}

/** Each sentence once, with the environments that it is true of. */
class Sentences {
  readonly #environments = new Map<string, string[]>();
  readonly #of: string[] = [];

  /** That it may be requested there. */
  addOf(environment: string): void {
    this.#of.push(environment);
  }

  add(sentence: string, environment: string): void {
    const known = this.#environments.get(sentence);
    if (known === undefined) this.#environments.set(sentence, [environment]);
    else known.push(environment);
  }

  all(every: readonly string[]): ReachChange[] {
    const there = this.#of.map((environment) => ({
      sentence: `may be requested in the environment ${environment}`,
      environments: [environment],
      everywhere: true,
    }));
    const others = [...this.#environments].map(([sentence, environments]) => ({
      sentence,
      environments,
      everywhere: every.every((environment) => environments.includes(environment)),
    }));
    return [...there, ...others];
  }
}

/** Members that differ, by path; a list of plain values by what came in and what went. */
function changesBetween(before: unknown, after: unknown, path: PathTokens): DefinitionChange[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null) && (before === undefined) === (after === undefined)) return [];
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names]
      .filter((name) => name !== "$schema")
      .flatMap((name) => changesBetween(own(before, name), own(after, name), [...path, name]));
  }
  if (isPlainList(before) && isPlainList(after)) {
    const gone = before.filter((value) => !after.includes(value)).map((value) => ({ path: jsonPath(path), before: value }));
    const come = after.filter((value) => !before.includes(value)).map((value) => ({ path: jsonPath(path), after: value }));
    if (gone.length + come.length > 0) return [...gone, ...come];
  }
  return [{ path: jsonPath(path), ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null);
}
