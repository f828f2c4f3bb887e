import { catalogSchema, isLentTo } from "@guise/contract";
import { callerOf } from "../call.ts";
import { httpRoute } from "../route.ts";

export const listCatalog = httpRoute({
  id: "list_catalog",
  method: "GET",
  url: "/v1/catalog",
  tag: "personas",
  summary: "What a persona can be made of: applications with their settings, and the data sources that personas of your groups may name",
  answers: { 200: { description: "The catalog of this installation.", schema: catalogSchema } },
  async act(call) {
    const { language, repository } = call.services;
    const { groups } = callerOf(call);
    const unlent = new Set(
      (await repository.dataSources()).filter((row) => !isLentTo(row.referenced_by, groups)).map(({ source }) => source),
    );
    const { data_sources, ...catalog } = language.catalog;
    return { status: 200, body: { ...catalog, data_sources: data_sources.filter(({ source }) => !unlent.has(source)) } };
  },
});
