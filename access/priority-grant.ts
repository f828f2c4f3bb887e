import { PRIORITIES, PRIORITY_NAMES, type Priority } from "@guise/contract";

/** What somebody without a group may ask for. */
const LEAST: Priority = "low";

/** The highest priority that any of the person's groups was granted. */
export function priorityGrantOf(
  groups: readonly string[],
  granted: readonly { readonly group: string; readonly priority: string }[],
): Priority {
  let best: Priority = LEAST;
  for (const { group, priority } of granted) {
    if (groups.includes(group) && isPriority(priority) && PRIORITIES[priority] > PRIORITIES[best]) best = priority;
  }
  return best;
}

export function isPriority(name: string): name is Priority {
  return (PRIORITY_NAMES as readonly string[]).includes(name);
}

/** The lower of the two. */
export function lowerPriority(a: Priority, b: Priority): Priority {
  return PRIORITIES[a] <= PRIORITIES[b] ? a : b;
}
