import { hiddenReason, KEPT_COPY, linesReason, type ParameterDefinition, type ParameterValue, WORKSPACE_HOME } from "@guise/contract";
import { applicationFaults, type Catalog, type CatalogEntry, type Fault, fault, quoted, type RequiredApplication } from "#applications";
import { nearest } from "#foundation";
import { meant, requiredApplications } from "./check-applications.ts";
import { type Check, type CheckContext, items, present } from "./checking.ts";
import type { Draft } from "./draft.ts";
import { below } from "./json-path.ts";
import { fileWithinFile, planLayer, settingsOf } from "./personal-layer.ts";
import { type Reference, referencesIn, substituted, textsIn } from "./references.ts";

type Configuration = NonNullable<Draft["application_configuration"]>;

const AT = ["application_configuration"];
/** Set by Guise for every process; TERM for each terminal. */
const OWNED_VARIABLES: ReadonlySet<string> = new Set(["HOME", "USER", "LOGNAME", "SHELL", "PATH", "TERM"]);
/** What a shell keeps for itself: setting one of them ends it, and all variables of the workspace with it. */
const SHELL_VARIABLES: ReadonlySet<string> = new Set(["UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "BASH_VERSINFO"]);
/** Of the home. */
const OWN_FOLDER = "~/.local/state/guise/";
/** Longer names a file system does not hold. */
const MOST_NAME_BYTES = 255;

/** Settings, variables and files, with parameters at their defaults. What hangs on a parameter without one is checked when the value is known. */
export const checkConfiguration: Check = (draft, context) => {
  const configuration = draft.application_configuration;
  if (configuration === undefined) return [];
  const known = substituted(configuration, lookUpDefault(draft, context)) as Configuration;
  return configurationFaults(draft, known, context, unresolved);
};

/** The same check on a configuration whose references are all replaced: what still looks like one is a value that was given. */
export function resolvedFaults(draft: Draft, configuration: Configuration, context: CheckContext): Fault[] {
  return configurationFaults(draft, configuration, context, () => false);
}

function configurationFaults(
  draft: Draft,
  configuration: Configuration,
  { catalog }: CheckContext,
  open: (value: unknown) => boolean,
): Fault[] {
  const required = requiredApplications(draft, catalog);
  const faults = below(AT, [
    ...settingsFaults(required, configuration, { open, misspelt: (name) => misspelt(draft, name, catalog) }),
    ...present(configuration.variables).flatMap(([name, value]) => variableFaults(name, value)),
    ...present(configuration.files).flatMap(([path, file]) => fileFaults(path, file)),
  ]);
  // places hang on no parameter: that one file lies in another is known now
  const within = fileWithinFile(Object.keys(configuration.files ?? {}));
  if (within !== undefined) faults.push(...below(AT, [fault(["files", within.path], "wrong_value", within.message)]));
  if (faults.length > 0 || open(configuration)) return faults;
  const plan = planLayer(required, configuration);
  return "fault" in plan ? [plan.fault] : [];
}

function unresolved(value: unknown): boolean {
  return [...textsIn(value)].some(({ text }) => referencesIn(text).length > 0);
}

/** Parameters by their defaults, data sources by what stands for them. */
function lookUpDefault(draft: Draft, { installation }: CheckContext): (reference: Reference) => ParameterValue | undefined {
  return ({ kind, name }) => {
    if (kind === "data_source") return installation.dataSources.find((source) => source.name === name)?.place;
    const definition = present(draft.parameters).find(([known]) => known === name)?.[1];
    return kind === "parameter" ? (definition as ParameterDefinition | undefined)?.default : undefined;
  };
}

/** The application that was meant by a name that `required_applications` has too, in the same wrong spelling. */
function misspelt(draft: Draft, name: string, catalog: Catalog): CatalogEntry | undefined {
  return items(draft.required_applications).some(([, text]) => text === name) ? meant(name, catalog)?.entry : undefined;
}

function settingsFaults(
  required: readonly RequiredApplication[],
  configuration: Configuration,
  look: { open: (value: unknown) => boolean; misspelt: (name: string) => CatalogEntry | undefined },
): Fault[] {
  const names = required.flatMap(({ entry }) => (entry === undefined ? [] : [entry.application]));
  const others = required.flatMap(({ package: outside }) => (outside === undefined ? [] : [outside.name]));
  return present(configuration).flatMap(([application]): Fault[] => {
    if (application === "variables" || application === "files") return [];
    const entry = required.find((candidate) => candidate.entry?.application === application)?.entry ?? look.misspelt(application);
    const settings = settingsOf(configuration, application);
    if (entry !== undefined) return below([application], applicationFaults(entry, knownYet(entry, settings, look.open)));
    if (others.includes(application))
      return [
        fault(
          [application],
          "unknown_name",
          `${quoted(application)} is not in the catalog and has no declared settings; use variables and files`,
        ),
      ];
    const suggestion = nearest(application, [...names, "variables", "files"]);
    return [fault([application], "unknown_name", `${quoted(application)} is not among the required applications`, suggestion)];
  });
}

/** Without the values that still have a reference: they are checked when it is replaced. A wrong name is wrong already now. */
function knownYet(
  entry: CatalogEntry,
  settings: Readonly<Record<string, unknown>>,
  open: (value: unknown) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => !Object.hasOwn(entry.settings, name) || !open(value)));
}

/** What stands against a variable of a persona; places are of `application_configuration`. */
export function variableFaults(name: string, value: unknown): Fault[] {
  const at = ["variables", name];
  if (SHELL_VARIABLES.has(name)) return [fault(at, "wrong_value", `${quoted(name)} belongs to the shell, which lets nobody set it`)];
  if (OWNED_VARIABLES.has(name) || name.startsWith("GUISE_")) return [fault(at, "wrong_value", `${quoted(name)} is set by Guise`)];
  const hidden = linesReason(String(value));
  return hidden === undefined ? [] : [fault(at, "wrong_value", hidden)];
}

type AuthoredFile = NonNullable<NonNullable<Configuration["files"]>[string]>;

function fileFaults(path: string, file: AuthoredFile): Fault[] {
  const at = ["files", path];
  const reason = pathReason(path) ?? copyReason(path, file);
  if (reason !== undefined) return [fault(at, "wrong_value", `${quoted(path)} ${reason}`)];
  if (file.format === undefined) return [];
  if (file.format === "text") {
    if (file.merge !== undefined) return [fault([...at, "merge"], "wrong_value", "format text takes content, not merge")];
    return file.content === undefined ? [fault([...at, "content"], "missing", "format text needs content")] : [];
  }
  if (file.content !== undefined) return [fault([...at, "content"], "wrong_value", `format ${file.format} takes merge, not content`)];
  return file.merge === undefined ? [fault([...at, "merge"], "missing", `format ${file.format} needs merge`)] : [];
}

/** What is replaced is kept under a longer name. */
function copyReason(path: string, { apply, format }: AuthoredFile): string | undefined {
  const bytes = Buffer.byteLength(`${path.split("/").at(-1)}${KEPT_COPY}`);
  const isReplaced = apply === "replace" || (apply === "enforced" && format === "text");
  if (!isReplaced || bytes <= MOST_NAME_BYTES) return undefined;
  return `has a name that leaves no room for its person's copy, which is called the same with ${KEPT_COPY} behind it`;
}

function pathReason(path: string): string | undefined {
  if (!path.startsWith("~/"))
    return `is outside the home of the workspace, where nothing of a persona can be written; begin with "~/" (${WORKSPACE_HOME})`;
  if (path.startsWith(OWN_FOLDER)) return "is Guise's own, which remembers there what it wrote";
  const parts = path.split("/").slice(1);
  if (parts.some((part) => part === "" || part === "." || part === "..")) return 'has an empty part, "." or ".."';
  const long = parts.find((part) => Buffer.byteLength(part) > MOST_NAME_BYTES);
  if (long !== undefined) return `has a name of ${Buffer.byteLength(long)} bytes; no file may have more than ${MOST_NAME_BYTES}`;
  const hidden = hiddenReason(path);
  if (hidden !== undefined) return hidden;
  return path.includes("${") ? "has a reference; references are not accepted in paths" : undefined;
}
