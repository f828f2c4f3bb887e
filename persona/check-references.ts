// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of personas are written so
import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import { unregistered } from "./check-access.ts";
import { type Check, type CheckContext, items, present } from "./checking.ts";
import type { Draft } from "./draft.ts";
import type { PathTokens } from "./json-path.ts";
import { PERSON_FACTS, REFERENCE_KINDS, type Reference, referencesIn, referenceText, textsIn, writtenIn } from "./references.ts";

/** References stand in values of `application_configuration` and nowhere else: not in names, paths, descriptions, packages or launch commands. */
export const checkReferences: Check = (draft, context) => {
  const { application_configuration: configuration, ...rest } = draft;
  const outside = [...textsIn(rest)].flatMap(({ at, text }) => (referencesIn(text).length === 0 ? [] : [misplaced(at, text)]));
  const inside = [...textsIn(configuration)].flatMap(({ at, text }) => {
    const place = ["application_configuration", ...at];
    return writtenIn(text).flatMap(({ written, reference }) => {
      if (reference !== undefined) return referenceFaults(place, reference, draft, context);
      return [written === "${" ? fault(place, "wrong_value", BROKEN) : unknown(place, written, draft, context)];
    });
  });
  return [...outside, ...inside];
};

function misplaced(at: PathTokens, text: string): Fault {
  return fault(at, "wrong_value", `${quoted(text)}: references may stand only in values of application_configuration`);
}

const BROKEN = 'begins a reference that does not end; it is written "${parameter:name}", and the text itself "$${"';
const KNOWN = "${account}, ${person:name}, ${person:email}, ${parameter:NAME}, ${data_source:NAME}";

function unknown(at: PathTokens, written: string, draft: Draft, { installation }: CheckContext): Fault {
  const names = present(draft.parameters).map(([name]) => name);
  const sources = installation.dataSources.map(({ name }) => name);
  const message = `${quoted(written)} refers to nothing: there are ${KNOWN}; for the text itself write "$${written}"`;
  return fault(at, "unknown_name", message, nearestReference(written.slice(2, -1), names, sources));
}

/** The whole of what may stand there; else what has that name, or one with a name of that kind. */
function nearestReference(inside: string, parameters: readonly string[], sources: readonly string[]): string | undefined {
  const references: Reference[] = [
    { kind: "account", name: "" },
    ...PERSON_FACTS.map((name) => ({ kind: "person" as const, name })),
    ...parameters.map((name) => ({ kind: "parameter" as const, name })),
    ...sources.map((name) => ({ kind: "data_source" as const, name })),
  ];
  const byText = (texts: (reference: Reference) => string, written: string) => {
    const found = nearest(written, references.map(texts));
    return references.find((reference) => texts(reference) === found);
  };
  // a short name of Guise's own is near to too much
  const named = nearest(inside, [...PERSON_FACTS.filter((fact) => fact === inside), ...parameters, ...sources]);
  const whole =
    byText((reference) => referenceText(reference).slice(2, -1), inside) ??
    references.find(({ kind, name }) => kind !== "account" && name === named);
  if (whole !== undefined) return referenceText(whole);
  const kind = nearest(inside.split(":", 1)[0] ?? "", REFERENCE_KINDS.slice(1, -1));
  return kind === undefined || !inside.includes(":") ? undefined : kind;
}

function referenceFaults(at: PathTokens, { kind, name }: Reference, draft: Draft, { installation }: CheckContext): Fault[] {
  if (kind === "account" || kind === "person") return [];
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
