import type { Amounts } from "@guise/contract";
import type { ConcreteApplication, ConcretePersona, PlannedFile } from "./concrete.ts";

/** A resolved persona as it is kept with a workspace, for as long as that lives: years, and several versions of Guise. */
export type StoredConcrete = Readonly<Record<string, unknown>>;

/**
 * What is written now. A change of `ConcretePersona` that older rows do not fit raises it by one, with a step in `UPGRADES` and a row of the
 * format before in the test.
 */
export const CONCRETE_FORMAT = 3;

/** From the format of that number to the next one. */
const UPGRADES: Readonly<Record<number, (stored: StoredConcrete) => StoredConcrete>> = {
  1: fromFormat1,
  2: fromFormat2,
};

export function encodeConcrete(persona: ConcretePersona): StoredConcrete {
  return { ...persona, format: CONCRETE_FORMAT };
}

const decoded = new WeakMap<StoredConcrete, ConcretePersona>();

/** Of every format that was ever written. Asked for several times a start, and read once for each row. */
export function decodeConcrete(stored: StoredConcrete): ConcretePersona {
  const known = decoded.get(stored);
  if (known !== undefined) return known;
  let present = stored;
  for (let format = formatOf(stored); format < CONCRETE_FORMAT; format++) present = UPGRADES[format]?.(present) ?? present;
  const { format: _, ...persona } = present;
  const concrete = persona as unknown as ConcretePersona;
  decoded.set(stored, concrete);
  return concrete;
}

function formatOf({ format = 1 }: StoredConcrete): number {
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1 || format > CONCRETE_FORMAT)
    throw new Error(`the workspace's persona is stored in format ${String(format)}; this Guise reads up to ${CONCRETE_FORMAT}`);
  return format;
}

/** Before formats had numbers: fields were added one by one, and a row may be of any time between. */
function fromFormat1(stored: StoredConcrete): StoredConcrete {
  const { preemptible: _, ...rest } = stored;
  const demand = stored.demand as Amounts | undefined;
  const applications = (stored.applications ?? []) as readonly ConcreteApplication[];
  const sources = (stored.dataSources ?? []) as ConcretePersona["dataSources"];
  return {
    ...rest,
    limits: stored.limits ?? demand,
    keepHome: stored.keepHome === true,
    applications: applications.map((application) => ({ ...application, seccomp: application.seccomp ?? "strict" })),
    dataSources: sources.map((source) => ({ ...source, mount: source.mount ?? `/data/${source.source}` })),
  };
}

/** Files were written whole, enforced ones at every start: that is what `replace` does now, which keeps what the person had beside it. */
function fromFormat2(stored: StoredConcrete): StoredConcrete {
  const files = (stored.files ?? []) as ConcretePersona["files"];
  const isWhole = ({ apply, merge }: PlannedFile) => apply === "enforced" && merge === undefined;
  return { ...stored, files: files.map((file) => (isWhole(file) ? { ...file, apply: "replace" } : file)) };
}
