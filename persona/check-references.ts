import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import { unregistered } from "./check-access.ts";
import { type Check, type CheckContext, items, present } from "./checking.ts";
import type { Draft } from "./draft.ts";
import type { PathTokens } from "./json-path.ts";
import { hasBrokenReference, REFERENCE_KINDS, type Reference, referencesIn, textsIn, unknownReferencesIn } from "./references.ts";

/** References stand in values of `application_configuration` and nowhere else: not in names, paths, descriptions, packages or launch commands. */
export const checkReferences: Check = (draft, context) => {
  const { application_configuration: configuration, ...rest } = draft;
  const outside = [...textsIn(rest)].flatMap(({ at, text }) => (referencesIn(text).length === 0 ? [] : [misplaced(at, text)]));
  const inside = [...textsIn(configuration)].flatMap(({ at, text }) => {
    const place = ["application_configuration", ...at];
    const unknown = unknownReferencesIn(text).map(({ kind, written }) => unknownKind(place, kind, written));
    const broken = hasBrokenReference(text) ? [fault(place, "wrong_value", BROKEN)] : [];
    return [...unknown, ...broken, ...referencesIn(text).flatMap((reference) => referenceFaults(place, reference, draft, context))];
  });
  return [...outside, ...inside];
};

function misplaced(at: PathTokens, text: string): Fault {
  return fault(at, "wrong_value", `${quoted(text)}: references may stand only in values of application_configuration`);
}

const BROKEN = `begins a reference that does not end; it is written "\${parameter:name}"`;

function unknownKind(at: PathTokens, kind: string, written: string): Fault {
  const known = `there are ${REFERENCE_KINDS.join(", ")}; for the text itself write "$${written}"`;
  return fault(at, "unknown_name", `there are no references of kind ${quoted(kind)}: ${known}`, nearest(kind, REFERENCE_KINDS));
}

function referenceFaults(at: PathTokens, { kind, name }: Reference, draft: Draft, { installation }: CheckContext): Fault[] {
  if (kind === "secret") return [fault(at, "source_not_registered", `no provider of secrets is registered for ${quoted(name)}`)];
  if (kind === "parameter") {
    const names = present(draft.parameters).map(([known]) => known);
    return names.includes(name)
      ? []
      : [fault(at, "unknown_name", `${quoted(name)} is not a parameter of this persona`, nearest(name, names))];
  }
  const registered = installation.dataSources.map((source) => source.name);
  if (!registered.includes(name)) return [unregistered(at, name, registered)];
  if (items(draft.access_controls?.data_sources).some(([, { source }]) => source === name)) return [];
  return [fault(at, "not_permitted", `${quoted(name)} is not listed under access_controls.data_sources`)];
}
