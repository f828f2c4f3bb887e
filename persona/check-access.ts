import { type Fault, fault, quoted } from "#applications";
import { nearest } from "#foundation";
import { type Check, items } from "./checking.ts";
import { readEgress } from "./egress.ts";

export const checkEgress: Check = (draft, { installation }) =>
  items(draft.access_controls?.network?.egress).flatMap(([index, text]) => {
    const reading = readEgress(text, installation.openedRanges);
    return reading.fault === undefined ? [] : [{ ...reading.fault, at: ["access_controls", "network", "egress", index] }];
  });

export const checkDataSources: Check = (draft, { installation }) => {
  const names = installation.dataSources.map(({ name }) => name);
  const seen = new Set<string>();
  return items(draft.access_controls?.data_sources).flatMap(([index, { source, access }]): Fault[] => {
    if (source === undefined) return [];
    const at = ["access_controls", "data_sources", index];
    if (seen.has(source)) return [fault([...at, "source"], "wrong_value", `${quoted(source)} stands twice`)];
    seen.add(source);
    const registered = installation.dataSources.find(({ name }) => name === source);
    if (registered === undefined) return [unregistered([...at, "source"], source, names)];
    if (access !== "write" || registered.writable === true) return [];
    return [fault([...at, "access"], "not_permitted", `${quoted(source)} is read only`, "read")];
  });
};

export function unregistered(at: Fault["at"], source: string, names: readonly string[]): Fault {
  const known = names.length === 0 ? "none is" : `registered: ${names.join(", ")}`;
  return fault(at, "source_not_registered", `no data source ${quoted(source)} is registered; ${known}`, nearest(source, names));
}
