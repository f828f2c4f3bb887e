import { foundPackagesSchema, type PersonaDefinition, packageSearchSchema, previewRequestSchema, previewSchema } from "@guise/contract";
import { environmentsOf, reachSentences } from "#persona";
import { type Call, callerOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { publishedIn } from "../seen-versions.ts";
import { refusedDocument } from "./publish.ts";

export const previewPersona = httpRoute({
  id: "preview_persona",
  method: "POST",
  url: "/v1/personas/preview",
  tag: "personas",
  summary: "What a workspace of a persona document would be, in each environment; nothing is stored",
  description:
    "What it may in sentences, what it holds, and the variables and files that it gets, as the signed-in person's own workspace would get them without a word on its parameters.",
  document: true,
  body: previewRequestSchema,
  answers: { 200: { description: "Each environment, in the document's order.", schema: previewSchema } },
  errors: ["invalid_persona", "not_supported_here", "source_not_registered"],
  async act(call) {
    const { language } = call.services;
    const read = language.read(call.body.document);
    if ("problems" in read) throw refusedDocument(read.problems);
    const { definition } = read;
    const group = await shownOwner(call, definition.persona_id);
    const environments = environmentsOf(definition).map((environment) => ({
      environment,
      may: [...reachSentences(definition, environment, group)],
      ...previewIn(call, definition, environment),
    }));
    return { status: 200, body: { environments } };
  },
});

function previewIn(call: Call<unknown, unknown, unknown>, definition: PersonaDefinition, environment: string) {
  const { account, name, email } = callerOf(call);
  const resolved = call.services.language.resolve(definition, { environment, parameters: {}, person: { account, name, email } });
  if ("problems" in resolved)
    return { launch: [], variables: [], files: [], problems: resolved.problems.map(({ path, message }) => ({ path, message })) };
  const { demand, launch, variables, files } = resolved.concrete;
  return {
    demand,
    launch: [...launch],
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
    files: files.map(({ path, content, apply }) => ({ path, content, apply })),
    problems: [],
  };
}

/** Who would own it, of the groups that the caller is in: no other group's persona is told of. */
async function shownOwner(call: Call<unknown, unknown, { readonly owner_group?: string | undefined }>, persona: string): Promise<string> {
  const { groups } = callerOf(call);
  const published = publishedIn(await call.services.repository.versions(persona));
  const candidates = [published?.ownerGroup, call.body.owner_group];
  return candidates.find((group) => group !== undefined && groups.includes(group)) ?? groups[0] ?? "that owns it";
}

export const searchPackages = httpRoute({
  id: "search_packages",
  method: "POST",
  url: "/v1/packages/search",
  tag: "personas",
  summary: "Packages of the distribution by name or by what is said of them",
  description:
    "The best first, at most twenty. Python's and Node's registries cannot be searched; whether they have a package is told when a persona is validated.",
  body: packageSearchSchema,
  answers: { 200: { description: "The packages, or why the lists were not asked.", schema: foundPackagesSchema } },
  async act(call) {
    const { text, base } = call.body;
    const { packages, unasked } = await call.services.searchPackages(text, base);
    return { status: 200, body: { packages: [...packages], ...(unasked === undefined ? {} : { unasked }) } };
  },
});
