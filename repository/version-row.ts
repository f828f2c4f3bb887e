import type { Selectable } from "kysely";
import { fromText } from "./json-text.ts";
import type { VersionRow } from "./repository.ts";
import type { VersionsTable } from "./tables.ts";

export type StoredVersion = Selectable<VersionsTable> & {
  readonly latest: number | null;
  readonly retired_at: number | null;
};

export function versionOf(row: StoredVersion): VersionRow {
  return {
    persona: row.persona,
    version: row.version,
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    digest: row.digest,
    definition: fromText(row.definition),
    ownerGroup: row.owner_group,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
    state: row.state,
    draft: row.state === "draft" ? { build: row.draft_build ?? "building" } : undefined,
    latest: row.latest === row.version,
    checkPlan: row.check_plan === null ? undefined : fromText(row.check_plan),
    checkWorkspace: row.check_workspace ?? undefined,
    isRetired: row.retired_at !== null,
    build: {
      ...(row.build_percent === null ? {} : { percent: row.build_percent }),
      ...(row.build_message === null ? {} : { message: row.build_message }),
      ...(row.build_took === null ? {} : { took: row.build_took }),
      ...(row.build_downloading === null ? {} : { downloading: row.build_downloading }),
    },
    image: row.image === null ? undefined : fromText(row.image),
    revision: row.revision,
    epoch: row.epoch ?? undefined,
    refresh: refreshOf(row),
  };
}

function refreshOf(row: StoredVersion): VersionRow["refresh"] {
  const { refresh_epoch: epoch, refresh_percent: percent, refresh_message: message } = row;
  if (epoch === null && message === null) return undefined;
  return {
    ...(epoch === null ? {} : { epoch }),
    ...(percent === null ? {} : { percent }),
    ...(message === null ? {} : { message }),
  };
}
