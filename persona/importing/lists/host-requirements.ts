import type { ImportDesk, Place } from "../import-desk.ts";
import type { Table } from "../tables.ts";

const UNITS: Readonly<Record<string, string>> = { kb: "Ki", mb: "Mi", gb: "Gi", tb: "Ti" };

/** What a devcontainer asks of its machine is what a workspace is given. https://containers.dev/implementors/json_reference/#min-host-reqs */
export function readHostRequirements(desk: ImportDesk, whole: Table, place: (text: string, name: string) => Place): void {
  const { cpus, memory, storage, gpu } = whole;
  if (cpus !== undefined) {
    const at = place(`cpus ${String(cpus)}`, "cpus");
    if (typeof cpus === "number" && Number.isInteger(cpus) && cpus > 0 && cpus <= 1_000) desk.resource(at, "cpu", String(cpus));
    else desk.refuse(at, "is no number of processors: set resource_requirements.cpu in the draft");
  }
  readBytes(desk, place(`memory ${String(memory)}`, "memory"), "ram", memory);
  readBytes(desk, place(`storage ${String(storage)}`, "storage"), "storage", storage);
  if (gpu === "optional") desk.has(place("gpu optional", "gpu"), "a workspace has none");
  else if (gpu !== undefined && gpu !== false) desk.refuse(place("gpu", "gpu"), "a workspace has none: what needs one cannot run in it");
}

function readBytes(desk: ImportDesk, place: Place, dimension: "ram" | "storage", written: unknown): void {
  if (written === undefined) return;
  const [, digits = "", unit = ""] = /^([1-9]\d{0,5})\s?([kmgt]b)$/i.exec(String(written)) ?? [];
  const bytes = UNITS[unit.toLowerCase()];
  if (bytes === undefined) desk.refuse(place, `is no size such as "8gb": set resource_requirements.${dimension} in the draft`);
  else desk.resource(place, dimension, `${digits}${bytes}`);
}
