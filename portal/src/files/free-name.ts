import { AgentError } from "@guise/agent";

const MOST_TRIED = 99;

/** `report.csv` → `report (1).csv`, or the first number that is free. */
export async function freeName(name: string, isFree: (candidate: string) => Promise<boolean>): Promise<string> {
  // A dot in front is no ending: `.bashrc`.
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 1; number <= MOST_TRIED; number++) {
    const candidate = `${stem} (${number})${ending}`;
    if (await isFree(candidate)) return candidate;
  }
  throw new AgentError("file_exists", `There are ${MOST_TRIED} of that name already.`, {
    remedy: "Rename it on this machine, or replace one.",
  });
}
