import type { Resource } from "#access";
import { groupsOf } from "#persona";
import type { VersionRow } from "#repository";
import { definitionOf } from "./persona-language.ts";

/**
 * What the rules on personas must know of one: who owns it, and who may ask for the version that a request gets, else its newest. What
 * was published comes before drafts.
 */
export function personaResource(versions: readonly VersionRow[]): Resource {
  const shown = versions.find(({ latest }) => latest) ?? versions.find(({ draft }) => draft === undefined) ?? versions[0];
  if (shown === undefined) return undefined;
  return { kind: "persona", ownerGroup: shown.ownerGroup, groups: groupsOf(definitionOf(shown), shown.ownerGroup) };
}
