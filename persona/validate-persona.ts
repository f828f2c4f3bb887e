import { MAXIMUM_PERSONA_BYTES, NAME_PATTERN, type PersonaDefinition, type Problem, personaSchema } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import { checkDataSources, checkEgress } from "./check-access.ts";
import { checkLaunch, checkRequiredApplications } from "./check-applications.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkPromises } from "./check-promises.ts";
import { checkReferences } from "./check-references.ts";
import { checkQuantities } from "./check-resources.ts";
import type { Check, CheckContext } from "./checking.ts";
import { shapeFaults } from "./document-shape.ts";
import { draftOf } from "./draft.ts";
import { FIXED_MEMBERS, overlaid } from "./environments.ts";
import { below, problemOf } from "./json-path.ts";
import { isObject } from "./merge-patch.ts";
import { schemaFaults } from "./schema-faults.ts";

export type Validation =
  | { readonly definition: PersonaDefinition; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly definition?: never };

const CHECKS: readonly Check[] = [
  checkRequiredApplications,
  checkParameters,
  checkConfiguration,
  checkReferences,
  checkLaunch,
  checkQuantities,
  checkEgress,
  checkDataSources,
  checkPromises,
];

const MAXIMUM_ENVIRONMENTS = 20;

/** Every problem of the document in one answer: of the base, and of each environment as a whole. */
export function validatePersona(document: unknown, context: CheckContext): Validation {
  const faults = shapeFaults(document);
  if (faults.length === 0 && JSON.stringify(document).length > MAXIMUM_PERSONA_BYTES)
    faults.push(fault([], "too_large", `has more than ${MAXIMUM_PERSONA_BYTES} characters`));
  if (faults.length > 0) return { problems: faults.map(problemOf) };
  const base = schemaFaults(document);
  const all = [...base, ...draftFaults(draftWithoutEnvironments(document, base), context), ...environmentFaults(document, context)];
  if (all.length > 0) return { problems: withoutRepeats(all).map(problemOf) };
  return { definition: personaSchema.parse(document) };
}

function draftFaults(draft: ReturnType<typeof draftOf>, context: CheckContext): Fault[] {
  return CHECKS.flatMap((check) => check(draft, context));
}

function draftWithoutEnvironments(document: unknown, faults: readonly Fault[]) {
  const { environments: _, ...draft } = draftOf(document, faults) as Record<string, unknown>;
  return draft as ReturnType<typeof draftOf>;
}

function environmentFaults(document: unknown, context: CheckContext): Fault[] {
  if (!isObject(document) || !isObject(document.environments)) return [];
  const overlays = Object.entries(document.environments).filter(([name, overlay]) => NAME_PATTERN.test(name) && isObject(overlay));
  if (overlays.length > MAXIMUM_ENVIRONMENTS)
    return [fault(["environments"], "too_large", `has ${overlays.length} environments; at most ${MAXIMUM_ENVIRONMENTS} are accepted`)];
  const baseFaults = new Set(documentFaults(overlaid(document, {}), context).map(identityOf));
  return overlays.flatMap(([name, overlay]) => {
    const fixed = Object.keys(overlay as object).filter((member) => FIXED_MEMBERS.includes(member));
    const own = documentFaults(overlaid(document, withoutFixed(overlay)), context).filter((found) => !baseFaults.has(identityOf(found)));
    const at = ["environments", name];
    return [
      ...fixed.map((member) => fault([...at, member], "wrong_value", `${quoted(member)} is the same in every environment`)),
      ...below(at, own),
    ];
  });
}

function withoutFixed(overlay: unknown): unknown {
  return isObject(overlay) ? Object.fromEntries(Object.entries(overlay).filter(([member]) => !FIXED_MEMBERS.includes(member))) : overlay;
}

/** All faults of one resolved document. */
function documentFaults(document: Record<string, unknown>, context: CheckContext): Fault[] {
  const faults = schemaFaults(document);
  return [...faults, ...draftFaults(draftOf(document, faults), context)];
}

function identityOf({ at, code, message }: Fault): string {
  return JSON.stringify([at, code, message]);
}

function withoutRepeats(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((found) => [identityOf(found), found])).values()];
}
