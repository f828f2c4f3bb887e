import type { Demand } from "./model.ts";
import { compareOwn, type Queued, turnOf } from "./order.ts";
import { each, orderedTree, type Tree } from "./ordered-tree.ts";

/** Who holds something, or waits: how many workspaces he holds, and those that he waits for, in his own order. */
export interface Person {
  readonly person: string;
  readonly held: number;
  readonly own: Tree<Queued>;
}

export type People = Tree<Person>;

const none = (): null => null;
const PEOPLE = orderedTree<Pick<Person, "person">, Person, null>((a, b) => (a.person < b.person ? -1 : a.person > b.person ? 1 : 0), none);
const OWN = orderedTree<Demand, Queued, null>(compareOwn, none);

export function personOf(people: People, person: string): Person {
  return PEOPLE.find(people, { person }) ?? { person, held: 0, own: null };
}

/** Nobody is remembered who neither holds nor waits. */
function remember(people: People, person: Person): People {
  return person.held <= 0 && person.own === null ? PEOPLE.remove(people, person) : PEOPLE.put(people, person);
}

/** Rooms of nobody, such as those of homes, are not counted. */
export function holds(people: People, person: string | null, more: 1 | -1): People {
  if (person === null) return people;
  const known = personOf(people, person);
  return remember(people, { ...known, held: known.held + more });
}

/** The demand as it stands in the queue if it comes now. */
export function queuedOf(people: People, demand: Demand): Queued {
  const { held, own } = personOf(people, demand.person);
  return { ...demand, turn: turnOf(held, OWN.countBefore(own, demand)) };
}

export function waitsFor(people: People, queued: Queued): People {
  const known = personOf(people, queued.person);
  return remember(people, { ...known, own: OWN.put(known.own, queued) });
}

export function waitsNoMoreFor(people: People, queued: Queued): People {
  const known = personOf(people, queued.person);
  return remember(people, { ...known, own: OWN.remove(known.own, queued) });
}

/** The person's demands whose turn is another now, as they stand in the queue and as they are to. */
export function otherTurns(people: People, person: string): readonly { readonly before: Queued; readonly after: Queued }[] {
  const { held, own } = personOf(people, person);
  const others: { before: Queued; after: Queued }[] = [];
  let ahead = 0;
  each(own, (before) => {
    const turn = turnOf(held, ahead++);
    if (turn !== before.turn) others.push({ before, after: { ...before, turn } });
    // Whoever is behind the furthest turn was there before, and stays there: each change moves turns by one.
    return turnOf(held, ahead - 1) === held + ahead - 1;
  });
  return others;
}
