import { Refusal, versionViewSchema } from "@guise/contract";
import { z } from "zod";
import { decide } from "#access";
import { codeOf } from "#foundation";
import type { VersionRow } from "#repository";
import { type Call, doneBy } from "../call.ts";
import { personaResource } from "../persona-resource.ts";
import { httpRoute, nothing } from "../route.ts";
import { versionParams } from "../schemas.ts";
import { timeOf } from "../views.ts";
import { show, versionOf } from "./personas.ts";

export const refreshPersona = httpRoute({
  id: "refresh_persona",
  method: "POST",
  url: "/v1/personas/:persona/versions/:version/refresh",
  tag: "personas",
  summary: "Build a new image revision of a version, with fresh packages",
  description:
    "Workspaces get it once it is there; those that run keep theirs and are shown as outdated. A refresh that fails leaves the present revision in use. One that is under way is joined.",
  target: "persona",
  params: versionParams,
  body: nothing,
  answers: { 202: { description: "The version, with its refresh.", schema: versionViewSchema } },
  errors: ["persona_not_usable"],
  async act(call) {
    const row = await ask(call, versionOf(call), epochNow(call));
    call.services.wake({ kind: "persona", persona: row.persona });
    return { status: 202, body: show(call, row) };
  },
});

export const refreshPersonas = httpRoute({
  id: "refresh_personas",
  method: "POST",
  url: "/v1/personas/refresh",
  tag: "personas",
  summary: "Build new image revisions of all personas that your groups own, each of the version that requests get",
  body: nothing,
  answers: { 202: { description: "The versions, with their refreshes.", schema: z.object({ items: z.array(versionViewSchema) }) } },
  async act(call) {
    // One time for all, so that their images share layers again.
    const epoch = epochNow(call);
    const rows = (await call.services.repository.latestVersions()).filter(
      (row) => decide("refresh_persona", call.principal, personaResource([row])).allowed,
    );
    const items = [];
    for (const row of rows) {
      items.push(show(call, await ask(call, row, epoch)));
      call.services.wake({ kind: "persona", persona: row.persona });
    }
    return { status: 202, body: { items } };
  },
});

function epochNow(call: Call): string {
  return timeOf(call.services.clock.now());
}

async function ask(call: Call, { persona, version }: VersionRow, epoch: string): Promise<VersionRow> {
  try {
    return await call.services.repository.askRefresh(persona, version, epoch, doneBy(call, "refresh_persona", persona, { version }));
  } catch (error) {
    if (codeOf(error) !== "not_usable") throw error;
    throw new Refusal("persona_not_usable", `Version ${version} is not usable; only what was built can be refreshed.`);
  }
}
