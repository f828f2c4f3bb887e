import type { Phase } from "@guise/contract";

/** What goes wrong in the simulation, and when. Asked before each step of a start; weather is scripted, never random. */
export interface Weather {
  /** What happens in this phase of this start, or when it is removed or resized; undefined: it goes well. */
  at(moment: { readonly workspace: string; readonly generation: number; readonly phase: Phase | "removal" | "resize" }): Mishap | undefined;
}

export type Mishap =
  /** The phase takes this many milliseconds longer. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** The start is refused, and nothing is left; the removal is refused, and everything is. */
  | { readonly kind: "dies" }
  /** The phase never ends (until cancelled). */
  | { readonly kind: "hangs" }
  /** The sandbox is made, and the answer never arrives. */
  | { readonly kind: "loses_answer" }
  /** The engine does not answer. */
  | { readonly kind: "engine_unreachable" };

export const fairWeather: Weather = { at: () => undefined };

/** Each mishap happens the given number of times in its phase, then the weather is fair. */
export function scriptedWeather(
  script: readonly { readonly phase: Phase | "removal" | "resize"; readonly mishap: Mishap; readonly times?: number }[],
): Weather {
  const left = script.map((entry) => ({ ...entry, left: entry.times ?? 1 }));
  return {
    at({ phase }) {
      const entry = left.find((candidate) => candidate.phase === phase && candidate.left > 0);
      if (entry === undefined) return undefined;
      entry.left--;
      return entry.mishap;
    },
  };
}
