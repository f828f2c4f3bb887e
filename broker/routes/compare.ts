import { compareRequestSchema, type PersonaDefinition, personaDifferenceSchema, Refusal } from "@guise/contract";
import { differenceOf } from "#persona";
import type { VersionRow } from "#repository";
import { absent, type Call } from "../call.ts";
import { definitionOf } from "../persona-language.ts";
import { httpRoute } from "../route.ts";
import { personaParams } from "../schemas.ts";
import { refusedDocument } from "./publish.ts";

export const comparePersona = httpRoute({
  id: "compare_persona",
  method: "POST",
  url: "/v1/personas/:persona/difference",
  tag: "personas",
  summary: "What changes between two versions, or a version and a document, and what it newly may",
  description: "Nothing is stored. What a persona may is told per environment, in sentences.",
  target: "persona",
  document: true,
  params: personaParams,
  body: compareRequestSchema,
  answers: { 200: { description: "The difference.", schema: personaDifferenceSchema } },
  errors: ["invalid_persona", "not_supported_here", "source_not_registered"],
  async act(call) {
    const { persona } = call.params;
    const { from, to, document } = call.body;
    if (to !== undefined && document !== undefined) throw new Refusal("invalid", "The later side is a version or a document, not both.");
    const versions = [...call.versions].sort((a, b) => b.version - a.version);
    // A draft of one's own is compared when it is named.
    const newest = versions.find(({ draft }) => draft === undefined) ?? versions[0];
    const later = document === undefined ? (to === undefined ? newest : numbered(versions, to)) : undefined;
    const definition = later === undefined ? definitionIn(call, persona, document ?? "") : definitionOf(later);
    const earlier = from === undefined ? before(versions, later) : numbered(versions, from);
    const difference = differenceOf(definitionOf(earlier), definition, earlier.ownerGroup);
    return {
      status: 200,
      body: { persona_id: persona, from: earlier.version, ...(later === undefined ? {} : { to: later.version }), ...difference },
    };
  },
});

function numbered(versions: readonly VersionRow[], version: number): VersionRow {
  const row = versions.find((one) => one.version === version);
  if (row === undefined) throw absent();
  return row;
}

/** Of a version the one before it; of a document the one that a request gets, or the newest while there is none. */
function before(versions: readonly VersionRow[], later: VersionRow | undefined): VersionRow {
  const published = versions.filter(({ draft }) => draft === undefined);
  const row =
    later === undefined
      ? (published.find(({ latest }) => latest) ?? published[0] ?? versions[0])
      : published.find(({ version }) => version < later.version);
  if (row === undefined) throw new Refusal("invalid", "There is no earlier version to compare with.");
  return row;
}

function definitionIn(call: Call, persona: string, document: string): PersonaDefinition {
  const read = call.services.language.read(document);
  if ("problems" in read) throw refusedDocument(read.problems);
  if (read.definition.persona_id === persona) return read.definition;
  throw refusedDocument([
    { path: "$.persona_id", code: "wrong_value", message: `the document is of another persona than ${persona}`, suggestion: persona },
  ]);
}
