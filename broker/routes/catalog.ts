import { catalogSchema } from "@guise/contract";
import { httpRoute } from "../route.ts";

export const listCatalog = httpRoute({
  id: "list_catalog",
  method: "GET",
  url: "/v1/catalog",
  tag: "personas",
  summary: "What a persona can be made of: applications with their settings, and the registered data sources",
  answers: { 200: { description: "The catalog of this installation.", schema: catalogSchema } },
  async act(call) {
    return { status: 200, body: call.services.language.catalog };
  },
});
