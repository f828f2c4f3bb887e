export { groupsIn, groupsOf, sourcesFor } from "./asking-groups.ts";
export type { CheckContext } from "./checking.ts";
export type * from "./concrete.ts";
export { demandOf } from "./demand.ts";
export { differenceOf } from "./difference.ts";
export { canonicalJson, digestOf } from "./digest.ts";
export { openingReason } from "./egress.ts";
export { defaultEnvironment, definitionIn, type EnvironmentDefinition, environmentsOf } from "./environments.ts";
export { type FoundProgram, programsIn } from "./found-program.ts";
export { type Imported, importLists } from "./importing/import-lists.ts";
export type { Installation, RegisteredSource } from "./installation.ts";
export { foundOutsideCatalog, launchablesOf } from "./launchables.ts";
export { langOf } from "./locales.ts";
export { mergePatch } from "./merge-patch.ts";
export { outlineOf, type PersonaOutline } from "./outline.ts";
export { type PackageFindings, packageProblems } from "./package-problems.ts";
export type { Person } from "./person.ts";
export { reachSentences } from "./reach.ts";
export { type DocumentReading, readDocument } from "./read-document.ts";
export { type Resolution, type ResolutionRequest, resolvePersona } from "./resolve-persona.ts";
export { CONCRETE_FORMAT, decodeConcrete, encodeConcrete, type StoredConcrete } from "./stored-concrete.ts";
export { unlaunchableIn } from "./unlaunchable.ts";
export { type Validation, validatePersona } from "./validate-persona.ts";
export {
  type MergedPreference,
  type Preferred,
  type PreferredMerge,
  type PreferredProgram,
  preferencesProblems,
  preferredMerges,
  withPreferences,
} from "./with-preferences.ts";
