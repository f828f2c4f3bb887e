import type { LeftFileReason, Preferences, Problem } from "@guise/contract";
import { type Merging, renderTree } from "#applications";
import type { ConcretePersona, PlannedFile } from "./concrete.ts";
import { localeOfTag, nearestLocale } from "./locales.ts";
import { fileWithinFile } from "./personal-layer.ts";
import { nearestTimeZone, timeZoneNamed } from "./time-zones.ts";

/** What is read of a person's own file and of a persona's word in it. */
export interface PreferredMerge {
  readonly path: string;
  readonly file: Uint8Array;
  readonly merging: Merging;
}

/** The text of both; undefined, with why, where they cannot be had together. */
export type MergedPreference =
  | { readonly text: Uint8Array; readonly left?: never }
  | { readonly left: LeftFileReason; readonly text?: never };

/** A persona with what its person prefers in all that its author left open. */
export interface Preferred {
  readonly persona: ConcretePersona;
  /** Written where nothing is; whatever is there stays, and nobody is told. */
  readonly offered: readonly PlannedFile[];
  /** Programs that the person prefers: whether the image has them is seen when it runs. */
  readonly programs: readonly PreferredProgram[];
  /** Files of the person's that this persona has no place for, with why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

export interface PreferredProgram {
  readonly use: "editor" | "shell";
  readonly program: string;
}

const USUAL_SHELL = "bash";
/** Git reads it before every file of a home: whatever says something else there is believed. */
const GIT_CONFIGURATION = "/run/guise/preferences/gitconfig";
const ORDINARY_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;

/** Which of the person's files are to be merged with what the persona sets in them, before `withPreferences`. */
export function preferredMerges({ files }: ConcretePersona, preferences: Preferences): readonly PreferredMerge[] {
  return files.flatMap(({ path, apply, merge }) => {
    const own = ownFile(preferences, path);
    if (own === undefined || merge === undefined || apply === "replace") return [];
    const manner = apply === "default" ? ("default" as const) : ("enforced" as const);
    return [{ path, file: Buffer.from(own.content), merging: { format: merge.format, keys: merge.keys, manner } }];
  });
}

/**
 * Fills in what the persona leaves open. Its variables, its files and the keys that it sets in files come before whatever is preferred;
 * `merged` is what became of `preferredMerges`, by path.
 */
export function withPreferences(
  persona: ConcretePersona,
  preferences: Preferences,
  merged: ReadonlyMap<string, MergedPreference>,
): Preferred {
  const left: { path: string; why: string }[] = [];
  const files = persona.files.map((file): PlannedFile => {
    const own = ownFile(preferences, file.path);
    if (own === undefined) return file;
    if (file.apply === "default" && file.merge === undefined) return { ...file, content: own.content };
    const { text, left: reason } = merged.get(file.path) ?? {};
    if (text !== undefined) return { ...file, content: Buffer.from(text).toString() };
    left.push({
      path: file.path,
      why: reason === undefined ? "the persona writes it" : "the persona sets keys in it, and they cannot be set in yours",
    });
    return file;
  });
  const offered = [...gitFile(persona, preferences), ...ownFiles(persona, preferences, left)];
  const programs = preferredPrograms(persona, preferences);
  const locale = preferences.language === undefined ? undefined : localeOfTag(preferences.language);
  const timeZone = preferences.time_zone === undefined ? undefined : timeZoneNamed(preferences.time_zone);
  const variables = {
    ...Object.fromEntries(programs.map(({ use, program }) => [PROGRAM_VARIABLES[use], program])),
    ...(offered.some(({ path }) => path === GIT_CONFIGURATION) ? { GIT_CONFIG_SYSTEM: GIT_CONFIGURATION } : {}),
    ...persona.variables,
  };
  const surroundings = { ...(locale === undefined ? {} : { locale }), ...(timeZone === undefined ? {} : { timeZone }) };
  return { persona: { ...persona, ...surroundings, variables, files }, offered, programs, left };
}

/** Read by `provisioning/inside/main/environment`, which looks whether the program is there. */
const PROGRAM_VARIABLES = { editor: "GUISE_EDITOR", shell: "GUISE_SHELL" } as const;
/** What an author fixes an editor, a shell or Git's own configuration by. */
const FIXED_BY = {
  editor: ["EDITOR", "VISUAL", "GUISE_EDITOR"],
  shell: ["SHELL", "GUISE_SHELL"],
  git: ["GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"],
} as const;

function fixes({ variables }: ConcretePersona, what: keyof typeof FIXED_BY): boolean {
  return FIXED_BY[what].some((name) => Object.hasOwn(variables, name));
}

function preferredPrograms(persona: ConcretePersona, { editor, shell }: Preferences): PreferredProgram[] {
  const wanted: readonly [PreferredProgram["use"], string | undefined][] = [
    ["editor", editor],
    ["shell", shell === USUAL_SHELL ? undefined : shell],
  ];
  return wanted.flatMap(([use, program]) => (program === undefined || fixes(persona, use) ? [] : [{ use, program }]));
}

function gitFile(persona: ConcretePersona, { git }: Preferences): PlannedFile[] {
  const user = Object.fromEntries(Object.entries(git ?? {}).filter(([, value]) => value !== undefined));
  const isTaken = fixes(persona, "git") || persona.files.some(({ path }) => path === GIT_CONFIGURATION);
  if (Object.keys(user).length === 0 || isTaken) return [];
  const content = renderTree("gitconfig", { user, include: { path: "/etc/gitconfig" } });
  return [{ path: GIT_CONFIGURATION, content, mode: ORDINARY_MODE, apply: "default" }];
}

/** Those that the persona says nothing of. One in the place of a folder of the persona's would keep a workspace from starting. */
function ownFiles({ files }: ConcretePersona, preferences: Preferences, left: { path: string; why: string }[]): PlannedFile[] {
  const planned = files.map(({ path }) => path);
  return Object.entries(preferences.files ?? {}).flatMap(([path, { content, executable }]): PlannedFile[] => {
    if (planned.includes(path)) return [];
    if (fileWithinFile([...planned, path]) !== undefined) {
      left.push({ path, why: "the persona has another file in its way" });
      return [];
    }
    return [{ path, content, mode: executable === true ? EXECUTABLE_MODE : ORDINARY_MODE, apply: "default" }];
  });
}

function ownFile({ files = {} }: Preferences, path: string) {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

/** What is written well and is none all the same. */
export function preferencesProblems({ language, time_zone: zone }: Preferences): Problem[] {
  const problems: Problem[] = [];
  if (language !== undefined && localeOfTag(language) === undefined)
    problems.push(unknown("language", `there is no language ${JSON.stringify(language)}`, nearestLocale(language)?.replace("_", "-")));
  if (zone !== undefined && timeZoneNamed(zone) === undefined)
    problems.push(unknown("time_zone", `there is no time zone ${JSON.stringify(zone)}`, nearestTimeZone(zone)));
  return problems;
}

function unknown(member: string, message: string, nearest: string | undefined): Problem {
  return { path: `$.preferences.${member}`, code: "unknown_name", message, ...(nearest === undefined ? {} : { suggestion: nearest }) };
}
