import type { PersonaDefinition } from "@guise/contract";
import { abilitiesOf, measuresOf } from "./abilities.ts";
import { definitionIn } from "./environments.ts";

/** All that a workspace may in one environment, as ends of sentences that begin with it; sizes where they are more than it takes. Of a definition that was validated. Pure. */
export function reachSentences(definition: PersonaDefinition, environment: string, ownerGroup: string): readonly string[] {
  const shown = definitionIn(definition, environment) ?? definition;
  const measures = measuresOf(shown);
  const more = [...measures].filter(([name, { amount }]) => {
    const [, dimension] = name.split("may be resized to ");
    return dimension === undefined || amount > (measures.get(`takes ${dimension}`)?.amount ?? 0);
  });
  return [...abilitiesOf(shown, ownerGroup), ...more.map(([, { words }]) => words)];
}
