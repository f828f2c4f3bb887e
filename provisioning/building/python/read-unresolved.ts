import { listed } from "@guise/contract";
import type { Unresolved } from "#provisioning";
import { bareName } from "./lock.ts";
import { type FittingVersions, readOtherPython, versionsToTake } from "./other-python.ts";

/** The resolver's reasoning goes on for as long as there are versions; its beginning and its end say what it is about. */
const MOST = 40_000;
const NAME = "[a-z0-9][a-z0-9._-]{0,99}";

/**
 * Reads what uv says when it finds no solution. It reasons over ranges of versions for pages; what somebody needs of that is which of
 * their lines is at fault, and which package further down. `fitting`: of packages that cannot be had so, the versions that can.
 */
export function readUnresolved(
  said: string,
  wanted: readonly string[],
  fitting: ReadonlyMap<string, FittingVersions> = new Map(),
): Unresolved {
  const text = shortened(said).split(/\s/).filter(Boolean).join(" ");
  const required = requiredNames(text);
  const named = wanted.filter((requirement) => required.has(bareName(requirement)));
  return (
    unknownPackage(text, wanted) ??
    unreadable(text, wanted) ??
    otherPython(text, wanted, fitting) ??
    sourceOnly(text, wanted) ??
    withdrawn(text, named) ??
    noSuchVersion(text, wanted) ??
    versionBetween(text, named, fitting) ??
    clash(text, named)
  );
}

function shortened(said: string): string {
  return said.length <= MOST ? said : `${said.slice(0, MOST / 2)}\n${said.slice(-MOST / 2)}`;
}

/** Names of what is said to be required: "… you require pandas==2.2.* and numpy==1.21.*, we can conclude …". */
function requiredNames(text: string): ReadonlySet<string> {
  const [, ...parts] = text.split("you require ");
  const phrases = parts.map((part) => part.slice(0, 2_000).split("we can conclude")[0] ?? "");
  return new Set(phrases.flatMap((phrase) => phrase.split(/[ ,]/).map(bareName)));
}

function unknownPackage(text: string, wanted: readonly string[]): Unresolved | undefined {
  const name = new RegExp(`(${NAME}) was not found in the package registry`, "i").exec(text)?.[1];
  if (name === undefined) return undefined;
  const needer = ofName(wanted, name).length > 0 ? undefined : neederOf(text, name);
  const message = `there is no Python package ${name}${needer === undefined ? "" : `, which ${needer} needs`}`;
  return { kind: "no_such_package", requirements: ofName(wanted, needer ?? name), message };
}

/** uv takes a file of which a mirror gave only a part, or another one, for one that is broken. */
function unreadable(text: string, wanted: readonly string[]): Unresolved | undefined {
  const [, name = "", version = ""] = new RegExp(`(${NAME})==([^ ,]{1,50}) has an invalid package format`, "i").exec(text) ?? [];
  if (name === "") return undefined;
  const needer = ofName(wanted, name).length > 0 ? undefined : neederOf(text, name);
  const whose = needer === undefined ? "" : `, which ${needer} needs,`;
  const message = `what the mirror gives for ${name} ${version}${whose} is no package: it is broken, or broke off in the middle; try again later, or take another version of it`;
  return about(wanted, needer ?? name, "unclear", message);
}

function otherPython(text: string, wanted: readonly string[], fitting: ReadonlyMap<string, FittingVersions>): Unresolved | undefined {
  const found = readOtherPython(text, fitting);
  return found === undefined ? undefined : about(wanted, found.name, "other_python", found.message);
}

function sourceOnly(text: string, wanted: readonly string[]): Unresolved | undefined {
  const name = /Wheels are required for `([^`]{1,99})` because building from source is disabled/.exec(text)?.[1];
  if (name === undefined) return undefined;
  const needer = ofName(wanted, name).length > 0 ? undefined : neederOf(text, name);
  const whose = needer === undefined ? "" : `, which ${needer} needs,`;
  const message = `${name}${whose} is there as source only, in the versions that are asked for; take another version of it`;
  return about(wanted, needer ?? name, "source_only", message);
}

/** Where nothing else stands against it: what packages need of each other may name withdrawn ones by the way. */
function withdrawn(text: string, named: readonly string[]): Unresolved | undefined {
  const [, name = "", version = ""] = new RegExp(`(${NAME})(?:\\[[^\\]]{0,200}\\])?==([^ ,]{1,50}) was yanked`, "i").exec(text) ?? [];
  if (named.length !== 1 || ofName(named, name).length === 0 || text.includes(" depends on ")) return undefined;
  const message = `${name} ${version} was withdrawn by its authors, and only who asks for ${name}==${version} alone is given it; take another version of it`;
  return { kind: "no_such_version", requirements: named, message };
}

function noSuchVersion(text: string, wanted: readonly string[]): Unresolved | undefined {
  const match = new RegExp(`only (${NAME})<=?([^ ,]{1,50}) is available and you require`, "i").exec(text);
  if (match === null) return undefined;
  const [, name = "", newest = ""] = match;
  const [asked = name] = ofName(wanted, name);
  return about(wanted, name, "no_such_version", `there is no ${asked}; the newest is ${newest}`);
}

/** Newer ones are there, and none is what is asked for. A part after "+" is that of somebody's own index. */
function versionBetween(text: string, named: readonly string[], fitting: ReadonlyMap<string, FittingVersions>): Unresolved | undefined {
  const exact = new RegExp(`there is no version of (${NAME})(?:\\[[^\\]]{0,200}\\])?==([^ ,]{1,50}) and you require`, "i").exec(text);
  const ranges = new RegExp(`only the following versions of (${NAME})(?:\\[[^\\]]{0,200}\\])? are available:`, "i").exec(text);
  // Where packages need something of each other, that may be what stands against it.
  const isOnly = named.length === 1 && !text.includes(" depends on ");
  const [, name = "", version = ""] = exact ?? (isOnly ? ranges : undefined) ?? [];
  const [asked] = ofName(named, name);
  if (asked === undefined) return undefined;
  const index = version.includes("+") ? ` in this index ("+${version.split("+")[1]}" marks those of another one)` : "";
  return about(named, name, "no_such_version", `there is no ${asked}${index}; take ${versionsToTake(fitting.get(bareName(name)))} of it`);
}

function clash(text: string, named: readonly string[]): Unresolved {
  if (named.length === 0)
    return { kind: "unclear", requirements: [], message: "the Python packages cannot be had together; ask for fewer, or without versions" };
  if (named.length === 1) {
    const message = `${named[0]} cannot be had: nothing fits all that it needs; take another version of it`;
    return { kind: "clash", requirements: named, message };
  }
  const why = demandBetween(text, named);
  const message = `${listed(named)} cannot be had together${why === undefined ? "" : `: ${why}`}; change the version of one of them`;
  return { kind: "clash", requirements: named, message };
}

/** "pandas needs numpy>=1.23.2", where one of them needs what another one excludes. */
function demandBetween(text: string, named: readonly string[]): string | undefined {
  const names = named.map(bareName);
  const demand = `(${NAME})[^ ]{0,200} depends on (${NAME})(?:\\{[^}]{0,200}\\})?((?:[<>=!~]=?[^ ,]{1,50},?){1,9})`;
  const found = [...text.matchAll(new RegExp(demand, "gi"))].findLast(([, one = "", other = ""]) => {
    return one !== other && names.includes(bareName(one)) && names.includes(bareName(other));
  });
  if (found === undefined) return undefined;
  const [, one, other, range = ""] = found;
  return `${one} needs ${other}${range.replace(/[.,]$/, "")}`;
}

/** Who needs a package that nobody asked for. */
function neederOf(text: string, name: string): string | undefined {
  return new RegExp(`(${NAME})[^ ]{0,200} depends on ${name.replaceAll(".", "\\.")}(?=$|[ ,<>=!~{])`, "i").exec(text)?.[1];
}

function about(wanted: readonly string[], name: string, kind: Unresolved["kind"], message: string): Unresolved {
  return { kind, requirements: ofName(wanted, name), message };
}

function ofName(wanted: readonly string[], name: string): string[] {
  return wanted.filter((requirement) => bareName(requirement) === bareName(name));
}
