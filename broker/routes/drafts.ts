import { Refusal, versionViewSchema } from "@guise/contract";
import { codeOf } from "#foundation";
import type { VersionRow } from "#repository";
import { absent, type Call, doneBy } from "../call.ts";
import { checkPlanOf } from "../check-plan.ts";
import { definitionOf } from "../persona-language.ts";
import { httpRoute, nothing } from "../route.ts";
import { draftParams } from "../schemas.ts";
import { show } from "./personas.ts";
import { mayBePublished, ownerGroupOf } from "./publish.ts";

export const publishDraft = httpRoute({
  id: "publish_draft",
  method: "POST",
  url: "/v1/personas/:persona/versions/:version/publish",
  tag: "personas",
  summary: "Publish a draft of yours as it is: the version that requests get from now on, without another build",
  description:
    "It is validated again and your rights are checked again. What you hold of it goes on, now of a published version. With checks, requests get it when they passed.",
  target: "draft",
  params: draftParams,
  body: nothing,
  answers: { 200: { description: "The version that requests get now.", schema: versionViewSchema } },
  errors: ["persona_not_usable", "invalid_persona", "not_supported_here", "source_not_registered", "persona_retired", "conflict"],
  async act(call) {
    const draft = draftOf(call);
    const { persona, version, digest } = draft;
    const ownerGroup = await ownerGroupOf(call, persona, draft.ownerGroup);
    const definition = checkedAgain(call, draft);
    await mayBePublished(call, definition, ownerGroup);
    const checks = await checkPlanOf(call, definition, ownerGroup);
    try {
      const audit = doneBy(call, "publish_draft", persona, { version, digest, owner_group: ownerGroup });
      const row = await call.services.repository.publishDraft(persona, version, audit, checks);
      // Its checks are run.
      if (checks !== undefined) call.services.wake({ kind: "persona", persona });
      return { status: 200, body: show(call, row) };
    } catch (error) {
      if (codeOf(error) === "not_usable") throw unbuilt(draft);
      throw codeOf(error) === "not_found" ? absent() : error;
    }
  },
});

export const discardDraft = httpRoute({
  id: "discard_draft",
  method: "DELETE",
  url: "/v1/personas/:persona/versions/:version",
  tag: "personas",
  summary: "Discard a draft of yours",
  description: "Nobody gets it any more. A workspace that you hold of it goes on until you give it back.",
  target: "draft",
  params: draftParams,
  answers: { 204: { description: "It is discarded." } },
  async act(call) {
    const { persona, version } = draftOf(call);
    await call.services.repository.discardDraft(persona, version, doneBy(call, "discard_draft", persona, { version }));
    // Its build, where that is under way, ends.
    call.services.wake({ kind: "persona", persona });
    return { status: 204 };
  },
});

/** Of the caller: the authorize step lets nobody else come so far. */
function draftOf(call: Call<{ version: string }>): VersionRow {
  const row = call.versions.find(({ version, draft }) => draft !== undefined && version === Number(call.params.version));
  if (row === undefined) throw absent();
  return row;
}

/** Since it was stored, the catalog, the data sources and what this installation enforces may have changed. */
function checkedAgain(call: Call, draft: VersionRow) {
  const read = call.services.language.read(JSON.stringify(definitionOf(draft)));
  if ("definition" in read) return read.definition;
  throw new Refusal("invalid_persona", "What was right when the draft was stored is so no more; nothing was published.", {
    problems: read.problems,
  });
}

function unbuilt({ persona, version, draft, build }: VersionRow): Refusal {
  const state = draft?.build === "build_failed" ? "could not be built" : "is still being built";
  const said = build.message === undefined ? "" : ` (${build.message})`;
  return new Refusal("persona_not_usable", `Draft ${version} of ${persona} ${state}${said}; only what is built is published.`, {
    facts: { version, state: draft?.build },
  });
}
