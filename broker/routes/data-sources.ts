import {
  type DataSourceView,
  dataSourceChangeSchema,
  dataSourceReportSchema,
  dataSourceRequestSchema,
  dataSourceViewSchema,
  EVERYONE,
  isLentTo,
  POSTGRES_PORT,
  type PostgresSource,
  pageOf,
  Refusal,
} from "@guise/contract";
import { sealDatabaseLogin } from "#access";
import type { RegisteredSource } from "#persona";
import { type DataAccessRow, type DataSourceRow, dataSourceOf } from "#repository";
import { absent, type Call, callerOf, doneBy } from "../call.ts";
import { checkGroups } from "../check-groups.ts";
import type { SourceFindings } from "../deps.ts";
import { httpRoute } from "../route.ts";
import { dataSourceParams } from "../schemas.ts";

export const listDataSources = httpRoute({
  id: "list_data_sources",
  method: "GET",
  url: "/v1/data-sources",
  tag: "administration",
  summary: "What personas can name as their data",
  description:
    "Operators and auditors see all, authors those that personas of one of their groups may name. What opens one is in no answer.",
  answers: { 200: { description: "The sources.", schema: pageOf(dataSourceViewSchema) } },
  async act(call) {
    const { repository, dataSources } = call.services;
    const { roles, groups } = callerOf(call);
    const overseen = roles.some((role) => role === "operator" || role === "auditor");
    const given = overseen ? await repository.dataAccesses() : [];
    const rows = (await repository.dataSources()).filter((row) => overseen || isLentTo(row.referenced_by, groups));
    const views = [...dataSources.shipped.map(shippedView), ...rows.map((row) => viewOf(row, given))];
    return { status: 200, body: { items: views } };
  },
});

export const addDataSource = httpRoute({
  id: "add_data_source",
  method: "POST",
  url: "/v1/data-sources",
  tag: "administration",
  summary: "Register a PostgreSQL database, in which each workspace of a persona that names it gets a role of its own",
  description:
    "It is tried first: what a database lends too much of, or whoever makes roles in it may do too much, is refused with every reason, and nothing is registered. What opens it is stored sealed and shown to nobody.",
  body: dataSourceRequestSchema,
  answers: { 201: { description: "The source.", schema: dataSourceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { repository, dataSources, sealing } = call.services;
    const { login, port = POSTGRES_PORT, authority, roles, ...asked } = call.body;
    await checkGroups(call, named([...asked.referenced_by, ...asked.received_by]));
    if (dataSources.shipped.some(({ name }) => name === asked.source))
      throw new Refusal("conflict", `A data source named ${asked.source} came with Guise.`);
    const { read, write } = roles;
    const source: PostgresSource = {
      ...{ ...asked, port, roles: { read, ...(write === undefined ? {} : { write }) } },
      ...(authority === undefined ? {} : { authority }),
    };
    const row: DataSourceRow = { ...source, login: await sealDatabaseLogin(sealing, source.source, login) };
    refuseFaults(await dataSources.test(row));
    await repository.addDataSource(row, doneBy(call, "add_data_source", source.source, factsOf(source)));
    await dataSources.changed();
    return { status: 201, body: viewOf(row, []) };
  },
});

export const changeDataSource = httpRoute({
  id: "change_data_source",
  method: "PATCH",
  url: "/v1/data-sources/:source",
  tag: "administration",
  summary: "Change whom a data source is lent to, or what opens it",
  description:
    "Who may have it no more loses it within a minute, open connections included. Its address and database do not change: remove it, and register another one.",
  params: dataSourceParams,
  body: dataSourceChangeSchema,
  answers: { 200: { description: "The source.", schema: dataSourceViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { repository, dataSources, sealing } = call.services;
    const { source } = call.params;
    const { login, authority, referenced_by, received_by } = call.body;
    await checkGroups(call, named([...(referenced_by ?? []), ...(received_by ?? [])]));
    const before = await rowOf(call, source);
    const sealed = login === undefined ? undefined : await sealDatabaseLogin(sealing, source, login);
    if (sealed !== undefined || authority !== undefined) {
      const { authority: present, ...rest } = before;
      const next = authority === undefined ? present : (authority ?? undefined);
      refuseFaults(await dataSources.test({ ...rest, login: sealed ?? before.login, ...(next === undefined ? {} : { authority: next }) }));
    }
    const lent = { ...(referenced_by === undefined ? {} : { referenced_by }), ...(received_by === undefined ? {} : { received_by }) };
    const change = { ...lent, ...(authority === undefined ? {} : { authority }), ...(sealed === undefined ? {} : { login: sealed }) };
    // the audit says that they changed, and not what they are
    const facts = {
      ...lent,
      ...(authority === undefined ? {} : { authority: authority === null ? "none" : "changed" }),
      ...(login === undefined ? {} : { login: "changed" }),
    };
    const row = await repository.changeDataSource(source, change, doneBy(call, "change_data_source", source, facts));
    await dataSources.changed();
    return { status: 200, body: viewOf(row, await repository.dataAccesses()) };
  },
});

export const removeDataSource = httpRoute({
  id: "remove_data_source",
  method: "DELETE",
  url: "/v1/data-sources/:source",
  tag: "administration",
  summary: "Take a data source from everybody",
  description: "Nobody is given it from now on, and workspaces that have it lose it within a minute, open connections included.",
  params: dataSourceParams,
  answers: { 202: { description: "It is gone when all that was given is taken back.", schema: dataSourceViewSchema } },
  async act(call) {
    const { repository, dataSources, clock } = call.services;
    const { source } = call.params;
    const row = await rowOf(call, source);
    const at = clock.now();
    await repository.removeDataSource(source, at, doneBy(call, "remove_data_source", source));
    await dataSources.changed();
    return { status: 202, body: viewOf({ ...row, removedAt: at }, await repository.dataAccesses()) };
  },
});

export const testDataSource = httpRoute({
  id: "test_data_source",
  method: "POST",
  url: "/v1/data-sources/:source/test",
  tag: "administration",
  summary: "Whether a data source can be lent as it is now",
  params: dataSourceParams,
  answers: { 200: { description: "What was found; without faults it can be lent.", schema: dataSourceReportSchema } },
  async act(call) {
    const row = await rowOf(call, call.params.source);
    const { facts, faults, notes } = await call.services.dataSources.test(row);
    return { status: 200, body: { facts: { ...facts }, faults: faults.map((fault) => ({ ...fault })), notes: [...notes] } };
  },
});

async function rowOf(call: Call, name: string): Promise<DataSourceRow> {
  const row = (await call.services.repository.dataSources()).find(({ source }) => source === name);
  if (row === undefined || row.removedAt !== undefined) throw absent();
  return row;
}

function refuseFaults({ faults }: SourceFindings): void {
  if (faults.length === 0) return;
  const problems = faults.map(({ message, remedy }) => ({ path: "$", code: "wrong_value" as const, message: `${message}: ${remedy}` }));
  throw new Refusal("invalid", "The database cannot be lent as it is; nothing was changed.", { problems });
}

function named(groups: readonly string[]): readonly string[] {
  return [...new Set(groups)].filter((group) => group !== EVERYONE);
}

function factsOf({ host, port, database, roles, referenced_by, received_by }: PostgresSource) {
  return { place: placeOf({ host, port, database }), roles, referenced_by, received_by };
}

function placeOf({ host, port, database }: Pick<PostgresSource, "host" | "port" | "database">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

function viewOf(row: DataSourceRow, given: readonly DataAccessRow[]): DataSourceView {
  const source = dataSourceOf(row);
  return {
    ...{ source: source.source, kind: source.kind, place: placeOf(source), writable: source.roles.write !== undefined },
    roles: source.roles,
    ...{ referenced_by: [...source.referenced_by], received_by: [...source.received_by] },
    ...{ shipped: false, being_removed: row.removedAt !== undefined },
    held: new Set(given.filter((one) => one.source === source.source).map(({ workspace }) => workspace)).size,
  };
}

function shippedView({ name, kind, place, writable }: RegisteredSource): DataSourceView {
  const lent = { referenced_by: [EVERYONE], received_by: [EVERYONE] };
  return { source: name, kind, place, writable: writable === true, ...lent, shipped: true, being_removed: false, held: 0 };
}
