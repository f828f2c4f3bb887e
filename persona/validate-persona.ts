import { MAXIMUM_PERSONA_BYTES, NAME_PATTERN, type PersonaDefinition, type Problem, personaSchema } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import { checkDataSources, checkEgress } from "./check-access.ts";
import { checkLaunch, checkRequiredApplications } from "./check-applications.ts";
import { checkChecks } from "./check-checks.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkOwnApplications } from "./check-own-applications.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkPorts } from "./check-ports.ts";
import { checkEnforcement, checkPromises } from "./check-promises.ts";
import { checkReferences } from "./check-references.ts";
import { checkLimits, checkQuantities } from "./check-resources.ts";
import { checkSurroundings } from "./check-surroundings.ts";
import { checkTransfer } from "./check-transfer.ts";
import type { Check, CheckContext } from "./checking.ts";
import { countFaults, shapeFaults } from "./document-shape.ts";
import { draftOf } from "./draft.ts";
import { FIXED_MEMBERS, overlaid } from "./environments.ts";
import { isObject } from "./is-object.ts";
import { below, problemOf } from "./json-path.ts";
import { schemaFaults } from "./schema-faults.ts";

export type Validation =
  | { readonly definition: PersonaDefinition; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly definition?: never };

const CHECKS: readonly Check[] = [
  checkRequiredApplications,
  checkOwnApplications,
  checkParameters,
  checkConfiguration,
  checkReferences,
  checkLaunch,
  checkQuantities,
  checkLimits,
  checkSurroundings,
  checkEgress,
  checkDataSources,
  checkPorts,
  checkChecks,
  checkPromises,
  checkTransfer,
  checkEnforcement,
];

/** More than anybody reads at once; a hostile document could have a hundred thousand. */
const MAXIMUM_PROBLEMS = 200;

/** Every problem of the document in one answer: of the base, and of each environment as a whole. */
export function validatePersona(document: unknown, context: CheckContext): Validation {
  const unfit = unfitFaults(document);
  if (unfit.length > 0) return { problems: unfit.slice(0, MAXIMUM_PROBLEMS).map(problemOf) };
  const found = schemaFaults(document);
  found.push(...draftFaults(draftWithoutEnvironments(document, found), context));
  for (const environment of overlaysOf(document)) {
    // what is too large is not looked through once more for each environment
    if (found.length >= MAXIMUM_PROBLEMS || found.some(({ code }) => code === "too_large")) break;
    found.push(...environmentFaults(document, environment, new Set(found.map(identityOf)), context));
  }
  if (found.length > 0) return { problems: withoutRepeats(found).slice(0, MAXIMUM_PROBLEMS).map(problemOf) };
  return { definition: personaSchema.parse(document) };
}

/** What keeps the rest from being looked at, however the document came. */
function unfitFaults(document: unknown): Fault[] {
  const faults = [...shapeFaults(document), ...countFaults(document)];
  if (faults.length > 0 || (JSON.stringify(document) ?? "").length <= MAXIMUM_PERSONA_BYTES) return faults;
  return [fault([], "too_large", `has more than ${MAXIMUM_PERSONA_BYTES} characters`)];
}

function draftFaults(draft: ReturnType<typeof draftOf>, context: CheckContext): Fault[] {
  return CHECKS.flatMap((check) => check(draft, context));
}

function draftWithoutEnvironments(document: unknown, faults: readonly Fault[]) {
  const { environments: _, ...draft } = draftOf(document, faults) as Record<string, unknown>;
  return draft as ReturnType<typeof draftOf>;
}

interface Overlay {
  readonly name: string;
  readonly overlay: Readonly<Record<string, unknown>>;
}

/** What can be laid over the base; the schema reports the rest. */
function overlaysOf(document: unknown): Overlay[] {
  if (!isObject(document) || !isObject(document.environments)) return [];
  return Object.entries(document.environments).flatMap(([name, overlay]) =>
    NAME_PATTERN.test(name) && isObject(overlay) ? [{ name, overlay }] : [],
  );
}

/** What is wrong in an environment and not already in the base. */
function environmentFaults(document: unknown, { name, overlay }: Overlay, known: ReadonlySet<string>, context: CheckContext): Fault[] {
  if (!isObject(document)) return [];
  const fixed = Object.keys(overlay).filter((member) => FIXED_MEMBERS.includes(member));
  const own = documentFaults(overlaid(document, withoutFixed(overlay)), context).filter((found) => !known.has(identityOf(found)));
  return below(
    ["environments", name],
    [...fixed.map((member) => fault([member], "wrong_value", `${quoted(member)} is the same in every environment`)), ...own],
  );
}

function withoutFixed(overlay: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(overlay).filter(([member]) => !FIXED_MEMBERS.includes(member)));
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
