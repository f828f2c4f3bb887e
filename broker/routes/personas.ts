import { billOfMaterialsSchema, pageOf, Refusal, versionDetailSchema, versionViewSchema } from "@guise/contract";
import { z } from "zod";
import type { VersionRow } from "#repository";
import { billOfMaterials as billOf, contentsOf } from "../bill-of-materials.ts";
import { absent, type Call, callerOf } from "../call.ts";
import { pageOfList } from "../cursor.ts";
import { httpRoute } from "../route.ts";
import { buildLogView, pageQuery, personaParams, versionParams } from "../schemas.ts";
import { shownVersions, visibleTo } from "../shown-versions.ts";
import { versionDetail, versionView } from "../views.ts";

export const personaView = z.object({ persona_id: z.string(), versions: z.array(versionViewSchema) });

export const listPersonas = httpRoute({
  id: "list_personas",
  method: "GET",
  url: "/v1/personas",
  tag: "personas",
  summary: "The personas that you may see, each with the version that a request gets",
  description: "A persona that never had a usable version appears with its newest one, and how far its build is.",
  query: pageQuery,
  answers: { 200: { description: "A page of personas.", schema: pageOf(versionViewSchema) } },
  async act(call) {
    const seen = visibleTo(call.principal, await shownVersions(call.services.repository));
    const { cursor, limit } = call.query;
    const page = pageOfList(seen, { principal: callerOf(call).id, cursor, limit, keyOf: (row) => row.persona });
    return { status: 200, body: { ...page, items: page.items.map((row) => show(call, row)) } };
  },
});

export const showPersona = httpRoute({
  id: "show_persona",
  method: "GET",
  url: "/v1/personas/:persona",
  tag: "personas",
  summary: "A persona with all its versions, the newest first",
  target: "persona",
  params: personaParams,
  answers: { 200: { description: "The persona.", schema: personaView } },
  async act(call) {
    const versions = [...call.versions].sort((a, b) => b.version - a.version).map((row) => show(call, row));
    return { status: 200, body: { persona_id: call.params.persona, versions } };
  },
});

export const showVersion = httpRoute({
  id: "show_version",
  method: "GET",
  url: "/v1/personas/:persona/versions/:version",
  tag: "personas",
  summary: "One version with its definition",
  target: "persona",
  params: versionParams,
  answers: { 200: { description: "The version.", schema: versionDetailSchema } },
  errors: ["persona_not_usable"],
  async act(call) {
    const { language, issuer } = call.services;
    return { status: 200, body: versionDetail(versionOf(call), language, issuer?.issuer ?? "") };
  },
});

export const buildLog = httpRoute({
  id: "build_log",
  method: "GET",
  url: "/v1/personas/:persona/versions/:version/log",
  tag: "personas",
  summary: "The log of a version's build",
  target: "persona",
  params: versionParams,
  answers: { 200: { description: "The lines so far.", schema: buildLogView } },
  errors: ["persona_not_usable"],
  async act(call) {
    const { persona, version } = versionOf(call);
    return { status: 200, body: { lines: [...(await call.services.repository.buildLog(persona, version))] } };
  },
});

export const billOfMaterials = httpRoute({
  id: "bill_of_materials",
  method: "GET",
  url: "/v1/personas/:persona/versions/:version/bom",
  tag: "personas",
  summary: "What the image of a version contains, as a CycloneDX 1.6 document",
  description: "Each package of apt, pip, pipx and npm with its version and package URL, as the finished image was found to hold them.",
  target: "persona",
  params: versionParams,
  answers: { 200: { description: "The bill of materials.", schema: billOfMaterialsSchema } },
  errors: ["persona_not_usable"],
  async act(call) {
    const { repository, version: guise } = call.services;
    const row = versionOf(call);
    const contents = contentsOf(row);
    if (contents === undefined)
      throw new Refusal("persona_not_usable", `Version ${row.version} has no image yet, so it is not known what is in it.`);
    const { records } = await repository.images();
    const built = records.find((one) => one.persona === row.persona && one.version === row.version && one.current);
    const facts = { installation: repository.installation, guise, builtAt: built?.builtAt ?? row.publishedAt };
    return { status: 200, body: billOf(row, contents, facts) };
  },
});

export function versionOf(call: Call<{ version: string }>): VersionRow {
  const { version } = call.params;
  const row = call.versions.find((one) => (version === "latest" ? one.latest : one.version === Number(version)));
  if (row !== undefined) return row;
  if (version === "latest") throw new Refusal("persona_not_usable", "The persona has no usable version yet.");
  throw absent();
}

export function show(call: Call, row: VersionRow) {
  return versionView(row, call.services.language, call.services.issuer?.issuer ?? "");
}
