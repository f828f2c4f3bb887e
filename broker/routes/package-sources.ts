import {
  EVERYONE,
  type PackageSource,
  type Problem,
  packageSourceChangeSchema,
  packageSourceRequestSchema,
  packageSourceViewSchema,
  pageOf,
  Refusal,
  type SourceLogin,
  sourceFaults,
} from "@guise/contract";
import { sealLogin } from "#access";
import { type PackageSourceRow, packageSourceOf } from "#repository";
import { absent, type Call, callerOf, doneBy } from "../call.ts";
import { checkGroups } from "../check-groups.ts";
import { httpRoute } from "../route.ts";
import { packageSourceParams } from "../schemas.ts";

export const listPackageSources = httpRoute({
  id: "list_package_sources",
  method: "GET",
  url: "/v1/package-sources",
  tag: "administration",
  summary: "Where packages come from beside the installation's own mirrors",
  description:
    "Operators and auditors see all of them, authors those that are for one of their groups. What opens a source is in no answer.",
  answers: { 200: { description: "The sources.", schema: pageOf(packageSourceViewSchema) } },
  async act(call) {
    const { roles, groups } = callerOf(call);
    const overseen = roles.some((role) => role === "operator" || role === "auditor");
    const rows = await call.services.repository.packageSources();
    const seen = rows.filter((row) => overseen || [EVERYONE, ...groups].some((group) => row.groups.includes(group)));
    return { status: 200, body: { items: seen.map(sourceView) } };
  },
});

export const addPackageSource = httpRoute({
  id: "add_package_source",
  method: "POST",
  url: "/v1/package-sources",
  tag: "administration",
  summary: "Let packages come from a further apt repository, Python index or npm registry",
  description:
    "Counts for builds that begin from now on, of personas that a group of its own owns and that only its groups may ask for; images that are there stay as they are until they are refreshed. What opens it is stored sealed and shown to nobody.",
  body: packageSourceRequestSchema,
  answers: { 201: { description: "The source.", schema: packageSourceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { login, key, ...asked } = call.body;
    await checkGroups(call, named(asked.groups));
    const { files = [], suites = [], components = [], scopes = [] } = asked;
    const source: PackageSource = { ...asked, files, suites, components, scopes, ...(key === undefined ? {} : { key }) };
    const sealed = await sealedLogin(call, source.source, login);
    const { source: name, manager, url, groups } = source;
    const facts = { manager, url, groups, login: login === undefined ? "none" : "given" };
    await call.services.repository.addPackageSource(
      { ...source, ...(sealed === undefined ? {} : { login: sealed }) },
      doneBy(call, "add_package_source", name, facts),
    );
    return { status: 201, body: sourceView({ ...source, ...(sealed === undefined ? {} : { login: sealed }) }) };
  },
});

export const changePackageSource = httpRoute({
  id: "change_package_source",
  method: "PATCH",
  url: "/v1/package-sources/:source",
  tag: "administration",
  summary: "Change whom a source is for, its key, or what opens it",
  description: "Its address does not change: what opens one place is not sent to another. Remove it, and add it anew.",
  params: packageSourceParams,
  body: packageSourceChangeSchema,
  answers: { 200: { description: "The source.", schema: packageSourceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { source } = call.params;
    const { groups, key, login } = call.body;
    await checkGroups(call, named(groups ?? []));
    await checkFit(call, source, { key, login: login ?? undefined });
    const sealed = login === null ? null : await sealedLogin(call, source, login);
    const change = {
      ...(groups === undefined ? {} : { groups }),
      ...(key === undefined ? {} : { key }),
      ...(sealed === undefined ? {} : { login: sealed }),
    };
    // the audit says that they changed, and not what they are
    const facts = {
      ...(groups === undefined ? {} : { groups }),
      ...(key === undefined ? {} : { key: "changed" }),
      ...(login === undefined ? {} : { login: login === null ? "none" : "changed" }),
    };
    const row = await call.services.repository.changePackageSource(source, change, doneBy(call, "change_package_source", source, facts));
    return { status: 200, body: sourceView(row) };
  },
});

export const removePackageSource = httpRoute({
  id: "remove_package_source",
  method: "DELETE",
  url: "/v1/package-sources/:source",
  tag: "administration",
  summary: "Let no package come from a source any more",
  description: "What was built with it stays as it is.",
  params: packageSourceParams,
  answers: { 204: { description: "It is gone." } },
  async act(call) {
    const { source } = call.params;
    await call.services.repository.removePackageSource(source, doneBy(call, "remove_package_source", source));
    return { status: 204 };
  },
});

/** What comes to a source must fit what it is. */
async function checkFit(call: Call, name: string, change: { readonly key: string | undefined; readonly login: SourceLogin | undefined }) {
  const row = (await call.services.repository.packageSources()).find(({ source }) => source === name);
  if (row === undefined) throw absent();
  const faults = sourceFaults({ ...packageSourceOf(row), key: change.key ?? row.key, login: change.login });
  const problems = faults.map(([member, message]): Problem => ({ path: `$.${member}`, code: "wrong_value", message }));
  if (problems.length > 0) throw new Refusal("invalid", "Nothing was changed.", { problems });
}

function sealedLogin(call: Call, source: string, login: SourceLogin | undefined): Promise<string> | undefined {
  return login === undefined ? undefined : sealLogin(call.services.sealing, source, login);
}

function named(groups: readonly string[]): readonly string[] {
  return groups.filter((group) => group !== EVERYONE);
}

function sourceView(row: PackageSourceRow) {
  const { key: _, ...source } = packageSourceOf(row);
  const { groups, files, suites, components, scopes } = source;
  const lists = { groups: [...groups], files: [...files], suites: [...suites], components: [...components], scopes: [...scopes] };
  return { ...source, ...lists, has_login: row.login !== undefined };
}
