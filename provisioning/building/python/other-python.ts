import { BASE_NAMES, BASES } from "@guise/contract";

const NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
const ABI =
  /You require CPython ([0-9.]{1,9}) \(`[^`]{1,99}`\), but we only found wheels for `([^`]{1,99})` \(v([^)]{1,99})\) with the following Python ABI tags?: (.{0,200})/;
const RANGE = new RegExp(
  `current Python version \\(([0-9.]{1,9})\\) does not satisfy Python([^ ]{1,50}) and (?:all versions of )?(${NAME})[^ ]{0,200} depends? on Python`,
);

/** The oldest and the newest version of a package that can be had instead of what was asked for. */
export interface FittingVersions {
  readonly oldest: string;
  readonly newest: string;
}

/** A package that wants another Python than is there, and what fits instead. `text`: what uv says, in one line. */
export function readOtherPython(
  text: string,
  fitting: ReadonlyMap<string, FittingVersions>,
): { readonly name: string; readonly message: string } | undefined {
  const [, here = "", name = "", version = "", tags = ""] = ABI.exec(text) ?? [];
  if (here !== "") {
    const minors = [...tags.matchAll(/cp3(\d{1,2})/g)].map(([, minor]) => Number(minor));
    const needs =
      minors.length === 0 ? "another Python" : `Python ${[...new Set([minors[0], minors.at(-1)])].map((one) => `3.${one}`).join(" to ")}`;
    const takes = (minor: number) => minors.includes(minor);
    return { name, message: `${name} ${version} needs ${needs}; here is ${plain(here)}: ${whatHelps(here, fitting.get(name), takes)}` };
  }
  const [, there = "", written = "", whose = ""] = RANGE.exec(text) ?? [];
  if (there === "") return undefined;
  const range = written.replace(/,$/, "");
  const message = `${whose} needs Python ${range}; here is ${plain(there)}: ${whatHelps(there, fitting.get(whose.toLowerCase()), (minor) => isIn(range, minor))}`;
  return { name: whose, message };
}

/** "1.0", "1.0 to 2.1", "another version". */
export function versionsToTake(fitting: FittingVersions | undefined): string {
  const { oldest, newest } = fitting ?? {};
  return oldest === undefined ? "another version" : oldest === newest ? oldest : `${oldest} to ${newest}`;
}

function whatHelps(here: string, fitting: FittingVersions | undefined, takes: (minor: number) => boolean): string {
  const versions = versionsToTake(fitting);
  const other = BASE_NAMES.find((base) => BASES[base].python !== plain(here) && takes(minorOf(BASES[base].python)));
  const base = other === undefined ? "" : `, or give the persona "base": "${other}", which has ${BASES[other].python}`;
  return `take ${versions} of it${base}`;
}

/** Of ">=3.8,<3.11", as uv writes it. */
function isIn(range: string, minor: number): boolean {
  return range.split(",").every((clause) => {
    const [, sign = "", bound = ""] = /^(>=|<=|<|>|==)3\.(\d{1,2})/.exec(clause) ?? [];
    const order = minor - Number(bound);
    if (sign === ">=") return order >= 0;
    if (sign === ">") return order > 0;
    if (sign === "<=") return order <= 0;
    if (sign === "<") return order < 0;
    return sign === "==" && order === 0;
  });
}

/** "3.11" of "3.11.2". */
function plain(python: string): string {
  return python.split(".").slice(0, 2).join(".");
}

function minorOf(python: string): number {
  return Number(python.split(".")[1]);
}
