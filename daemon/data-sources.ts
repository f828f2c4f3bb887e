import { join } from "node:path";
import type { Installation } from "#persona";
import type { VolumeSource } from "#provisioning";

/** The shipped data source that makes every sample useful. */
const SAMPLE_SALES = { name: "sample-sales", mount: "/data/sample-sales" };

/** The data sources of this installation, as personas, the loop and the driver know them. */
export interface DataSources {
  readonly known: Installation["dataSources"];
  readonly volumes: ReadonlyMap<string, VolumeSource>;
  /** Name → folder on this machine. */
  readonly folders: Readonly<Record<string, string>>;
}

export function dataSourcesIn(root: string): DataSources {
  const { name, mount } = SAMPLE_SALES;
  return {
    known: [{ name, kind: "volume", mount }],
    volumes: new Map([[name, { source: name, volume: name, target: mount, access: "read" }]]),
    folders: { [name]: join(root, "data", name) },
  };
}
