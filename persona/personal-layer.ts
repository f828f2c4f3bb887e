import {
  type Fault,
  type FilePart,
  FilePartError,
  fault,
  homeExpanded,
  type PlannedFile,
  planApplication,
  plannedFiles,
  quoted,
  type RequiredApplication,
} from "#applications";
import { present } from "./checking.ts";
import type { Draft } from "./draft.ts";
import { isObject } from "./is-object.ts";

type Configuration = NonNullable<Draft["application_configuration"]>;

export interface LayerPlan {
  /** What the settings of an application add to its command, by application. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
}

/** All of it is pushed into a sandbox while somebody waits. */
const MAXIMUM_LAYER_BYTES = 2 ** 20;

/** Files and variables of one workspace. References are already replaced; settings have no faults. Author's words win over the catalog's. */
export function planLayer(required: readonly RequiredApplication[], configuration: Configuration): LayerPlan | { readonly fault: Fault } {
  const plans = required.flatMap(({ entry }) =>
    entry === undefined
      ? []
      : [{ application: entry.application, ...planApplication(entry, settingsOf(configuration, entry.application)) }],
  );
  const added = Object.fromEntries(plans.map((plan) => [plan.application, plan.arguments]));
  const own = present(configuration.variables).map(([name, value]) => [name, homeExpanded(String(value))] as const);
  const variables = Object.fromEntries([...plans.flatMap((plan) => Object.entries(plan.variables)), ...own]);
  const catalogParts = plans.flatMap((plan) => plan.files);
  const ownParts = present(configuration.files).flatMap(([path, file]) => filePart(path, file, catalogParts));
  try {
    const files = plannedFiles([...catalogParts, ...ownParts]);
    const inside = withinFile(files, configuration);
    return inside === undefined ? withinSize({ arguments: added, variables, files }) : { fault: inside };
  } catch (error) {
    if (error instanceof FilePartError) return { fault: fault(placeOf(error, configuration), "wrong_value", error.message) };
    throw error;
  }
}

/** A file cannot be a folder too: whoever asks for the persona would wait for a start that fails. */
export function fileWithinFile(
  paths: readonly string[],
): { readonly path: string; readonly file: string; readonly message: string } | undefined {
  const all = new Set(paths);
  for (const path of all) {
    const above = path.split("/").map((_, index, parts) => parts.slice(0, index).join("/"));
    const file = above.find((folder) => all.has(folder));
    if (file !== undefined) return { path, file, message: `${quoted(path)} lies below ${quoted(file)}, which is a file` };
  }
  return undefined;
}

function withinFile(files: readonly PlannedFile[], configuration: Configuration): Fault | undefined {
  const found = fileWithinFile(files.map(({ path }) => path));
  if (found === undefined) return undefined;
  const own = [found.path, found.file].find((one) => Object.hasOwn(configuration.files ?? {}, one));
  return fault(["application_configuration", ...(own === undefined ? [] : ["files", own])], "wrong_value", found.message);
}

/** The author's own file where it is one; else some setting was not what its file can hold. */
function placeOf({ detail }: FilePartError, configuration: Configuration): string[] {
  const own = typeof detail.path === "string" && Object.hasOwn(configuration.files ?? {}, detail.path) ? ["files", detail.path] : [];
  return ["application_configuration", ...own];
}

function withinSize(plan: LayerPlan): LayerPlan | { readonly fault: Fault } {
  const texts = [...Object.values(plan.arguments).flat(), ...Object.values(plan.variables), ...plan.files.map(({ content }) => content)];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= MAXIMUM_LAYER_BYTES) return plan;
  return {
    fault: fault(
      ["application_configuration"],
      "too_large",
      `makes ${bytes} bytes of files, variables and arguments; at most ${MAXIMUM_LAYER_BYTES} are accepted`,
    ),
  };
}

export function settingsOf(configuration: Configuration, application: string): Record<string, unknown> {
  const settings: unknown = Object.hasOwn(configuration, application) ? configuration[application] : undefined;
  return isObject(settings) ? settings : {};
}

type AuthoredFile = NonNullable<NonNullable<Configuration["files"]>[string]>;

/** Without a word of its own, the author's part of a file that an application writes too is applied as that application's is. */
function filePart(path: string, file: AuthoredFile, others: readonly FilePart[]): FilePart[] {
  const apply = file.apply ?? others.find((other) => other.path === path)?.apply ?? "default";
  const common = { path, apply, ...(file.mode === undefined ? {} : { mode: Number.parseInt(file.mode, 8) }) };
  if (file.format === undefined) return [];
  if (file.format === "text") return [{ ...common, format: "text", content: file.content ?? "" }];
  return [{ ...common, format: file.format, merge: (file.merge ?? {}) as Record<string, unknown> }];
}
