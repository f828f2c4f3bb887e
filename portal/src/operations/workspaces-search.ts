import type { WorkspaceListing } from "@guise/agent";
import { WORKSPACE_ORDERS, WORKSPACE_STATES } from "@guise/contract";

/** Which of everybody's workspaces are looked at; part of the page's address. */
export type WorkspacesSearch = WorkspaceListing;

/** What an address says of it; what is none of it counts as not said. */
export function workspacesSearch({ state, search, order, descending }: Record<string, unknown>): WorkspacesSearch {
  const isState = WORKSPACE_STATES.find((one) => one === state);
  const isOrder = WORKSPACE_ORDERS.find((one) => one === order);
  return {
    ...(isState === undefined ? {} : { state: isState }),
    // A number that was looked for has become one on its way through the address.
    ...(typeof search === "string" || typeof search === "number" ? { search: String(search).slice(0, 100) } : {}),
    ...(isOrder === undefined ? {} : { order: isOrder }),
    ...(descending === true ? { descending } : {}),
  };
}
