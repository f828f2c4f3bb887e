import { type Availability, PRIORITY_NAMES, type Priority } from "@guise/contract";
import { lowerPriority, type Principal, priorityGrantOf } from "#access";
import type { Clock } from "#foundation";
import { definitionIn, demandOf, groupsIn } from "#persona";
import type { Repository, VersionRow } from "#repository";
import { sentenceOf } from "#resource-manager";
import type { BrokerDeps } from "../deps.ts";
import { definitionOf, type PersonaLanguage } from "../persona-language.ts";
import { SharedReading } from "./shared-reading.ts";

/** Ms for which an answer of the Resource Manager is shown again; people who look at the same personas share it. */
const FRESH = 1_000;

/** Whether there is room is the same for everybody: only the place in the queue depends on what somebody has already. */
const NOBODY = "";

interface Parts {
  readonly repository: Pick<Repository, "groups">;
  readonly admission: BrokerDeps["admission"];
  readonly language: PersonaLanguage;
  readonly clock: Clock;
}

/** What would become of a request if it came now, by the Resource Manager's own advice. Nothing is decided by it. */
export class Availabilities {
  readonly #parts: Parts;
  readonly #groups: SharedReading<Awaited<ReturnType<Repository["groups"]>>>;
  #answers = new Map<string, Availability>();
  #until = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#groups = new SharedReading(() => parts.repository.groups(), parts.clock, FRESH);
  }

  /** By persona; of those alone that the person may request in the environment that a request gets which names none. */
  async of(principal: Principal, rows: readonly VersionRow[]): Promise<Readonly<Record<string, Availability>>> {
    const grant = priorityGrantOf(principal.groups, await this.#groups.recent());
    const found = rows.flatMap((row): [string, Availability][] => {
      const availability = row.state === "usable" ? this.#one(principal, row, grant) : undefined;
      return availability === undefined ? [] : [[row.persona, availability]];
    });
    return Object.fromEntries(found);
  }

  #one(principal: Principal, row: VersionRow, grant: Priority): Availability | undefined {
    const definition = definitionOf(row);
    const environment = this.#parts.language.defaultEnvironment(definition);
    const inEnvironment = definitionIn(definition, environment);
    const group = groupsIn(definition, environment, row.ownerGroup).find((one) => principal.groups.includes(one));
    if (group === undefined || inEnvironment === undefined) return undefined;
    const priority = lowerPriority(priorityIn(inEnvironment.priority), grant);
    const key = `${row.persona}/${row.version}/${group}/${priority}`;
    const ask = (person: string) => (): Availability => {
      const advice = this.#parts.admission.advise({ amounts: demandOf(inEnvironment), priority, group, person });
      if (advice.kind === "would_start") return { state: "now" };
      if (advice.kind === "never_fits") return { state: "never", message: sentenceOf(advice) };
      return { state: "waits", place: advice.place, message: sentenceOf(advice) };
    };
    const forAll = this.#shared(key, ask(NOBODY));
    return forAll.state === "waits" ? this.#shared(`${key} ${principal.id}`, ask(principal.id)) : forAll;
  }

  #shared(key: string, ask: () => Availability): Availability {
    const now = this.#parts.clock.monotonic();
    if (now >= this.#until) {
      this.#answers = new Map();
      this.#until = now + FRESH;
    }
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    return answer;
  }
}

function priorityIn(name: string | undefined): Priority {
  return PRIORITY_NAMES.find((one) => one === name) ?? "normal";
}
