import type { BrokerDeps } from "../deps.ts";
import { ApplicationPasses, type ApplicationPassesOptions } from "./application-passes.ts";
import { ApplicationPlaces } from "./application-places.ts";
import { ApplicationTargets } from "./application-targets.ts";
import { ApplicationTickets } from "./application-tickets.ts";

/** What the origins of web applications stand on. */
export interface ApplicationParts {
  readonly places: ApplicationPlaces;
  readonly tickets: ApplicationTickets;
  readonly passes: ApplicationPasses;
  readonly targets: ApplicationTargets;
}

/** Undefined where web applications have no origins. `believed`: ms for which a person is taken for who was found. */
export function applicationParts(
  { applications, clock, sealing, repository }: Pick<BrokerDeps, "applications" | "clock" | "sealing" | "repository">,
  refresh: ApplicationPassesOptions["refresh"],
  believed: number,
): ApplicationParts | undefined {
  if (applications === undefined) return undefined;
  return {
    places: new ApplicationPlaces(applications),
    tickets: new ApplicationTickets(clock),
    passes: new ApplicationPasses({ sealing, clock, refresh, believed }),
    targets: new ApplicationTargets(repository, clock),
  };
}
