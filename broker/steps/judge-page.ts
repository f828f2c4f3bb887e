import { Refusal } from "@guise/contract";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";

/**
 * What a page of somebody else makes a browser send is turned away before anything is charged for it: else any page could spend the
 * budgets of whoever opens it. A token in a header is exempt, because no page can have one sent; and so are links that people follow.
 */
export async function judgePage({ request, services }: Call, route: Route): Promise<void> {
  const { authorization, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
  if (authorization !== undefined || (route.unmetered === true && route.method === "GET")) return;
  const foreignOrigin = origin !== undefined && origin !== "" && origin !== services.portal.origin;
  const foreignSite = (site === "cross-site" || site === "same-site") && mode !== "navigate";
  if (foreignOrigin || foreignSite)
    throw new Refusal("not_permitted", `A page of another origin than ${services.portal.origin} asks for this.`);
}
