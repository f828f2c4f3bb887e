import type { VersionView } from "@guise/contract";

/** What a request says of a draft, which its author gets by its number alone; of what is published, nothing. */
export function draftVersion({ draft, version }: Pick<VersionView, "draft" | "version">): { readonly version?: number } {
  return draft === true ? { version } : {};
}
