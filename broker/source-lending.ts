import { type PersonaDefinition, type Problem, Refusal } from "@guise/contract";
import { mayReceive, mayReference } from "#access";
import { type ConcretePersona, definitionIn, environmentsOf } from "#persona";
import type { DataSourceRow } from "#repository";
import { type Call, callerOf } from "./call.ts";

/** Nobody lends data that the owning group was not lent: what a version names in any environment that its group may not name. */
export async function unlentSources(call: Call, definition: PersonaDefinition, ownerGroup: string): Promise<readonly Problem[]> {
  const registered = await call.services.repository.dataSources();
  const problems = environmentsOf(definition).flatMap((environment): Problem[] => {
    const sources = definitionIn(definition, environment)?.access_controls?.data_sources ?? [];
    return sources.flatMap(({ source }, index) => {
      const row = registered.find((one) => one.source === source);
      if (row === undefined || mayReference(row, ownerGroup)) return [];
      const own = definition.access_controls?.data_sources?.[index]?.source === source;
      const at = own ? "$" : `$.environments.${environment}`;
      const path = `${at}.access_controls.data_sources[${index}].source`;
      return [{ path, code: "not_permitted", message: unlentMessage(row, ownerGroup) }];
    });
  });
  return problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
}

function unlentMessage({ source, referenced_by: lent }: DataSourceRow, group: string): string {
  return `personas of the group ${group} may not name "${source}", which is for personas of ${lent.join(", ")}; an operator lends it: guise admin source set ${source} --named-by ${group}`;
}

/** Who asks is given every source of the persona, or nothing. */
export async function checkReceived(call: Call, { dataSources }: ConcretePersona): Promise<void> {
  const wanted = dataSources.filter(({ mount }) => mount === undefined);
  if (wanted.length === 0) return;
  const registered = await call.services.repository.dataSources();
  for (const { source } of wanted) {
    const row = registered.find((one) => one.source === source);
    if (row === undefined || mayReceive(row, callerOf(call).groups)) continue;
    throw new Refusal(
      "not_permitted",
      `The persona needs the data source "${source}", which is for the group ${row.received_by.join(" or ")}.`,
    );
  }
}
