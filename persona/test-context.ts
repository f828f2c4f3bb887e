import { join } from "node:path";
import { loadCatalog } from "#applications";
import type { CheckContext } from "./checking.ts";

/** For tests: the shipped catalog and an installation with the shipped data source. */
export async function testContext(): Promise<CheckContext> {
  return {
    catalog: await loadCatalog(join(import.meta.dirname, "..", "catalog")),
    installation: {
      dataSources: [{ name: "sample-sales", kind: "volume", place: "/data/sample-sales" }],
      openedRanges: ["10.20.0.0/16"],
      unenforced: [],
      bases: { here: ["debian-12", "debian-13"], standard: "debian-12" },
      defaultEnvironment: "production",
    },
  };
}

/** The least that is a persona. */
export const LEAST = {
  persona_id: "least",
  persona_name: "Least",
  required_applications: ["psql"],
  resource_requirements: { cpu: "500m", ram: "256Mi", storage: "64Mi", network_bandwidth: "10Mbit" },
};
