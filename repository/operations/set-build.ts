import type { VersionState } from "@guise/contract";
import { type RawBuilder, sql } from "kysely";
import { toText } from "../json-text.ts";
import type { BuildUpdate, DraftBuild } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";
import { recordImage } from "./images.ts";

export async function setBuild(store: Store, persona: string, version: number, build: BuildUpdate): Promise<void> {
  const set = {
    ...(build.state === undefined ? {} : stateOf(persona, build.state)),
    ...(build.percent === undefined ? {} : { build_percent: build.percent }),
    ...(build.message === undefined ? {} : { build_message: build.message }),
    ...(build.took === undefined ? {} : { build_took: build.took }),
    ...(build.downloading === undefined ? {} : { build_downloading: build.downloading }),
    ...(build.image === undefined ? {} : { image: toText(build.image) }),
    ...(build.checkWorkspace === undefined ? {} : { check_workspace: build.checkWorkspace }),
  };
  if (Object.keys(set).length === 0) return;
  const of = build.revision === undefined ? sql<boolean>`1 = 1` : sql<boolean>`revision = ${build.revision}`;
  const present = store.sql.selectFrom("versions").select("version").where("persona", "=", persona).where("version", "=", version);
  const known = must(present, () => new RepositoryError("not_found", `persona ${persona} has no version ${version}`));
  const change = run(store.sql.updateTable("versions").set(set).where("persona", "=", persona).where("version", "=", version).where(of));
  const reference = build.image?.reference;
  await store.write([
    known,
    change,
    ...(build.state === "usable" ? moveLatest(store, persona, version) : []),
    ...(typeof reference === "string"
      ? [recordImage(store, { persona, version, revision: build.revision }, reference, store.clock.now())]
      : []),
  ]);
}

/** A draft stays one, however its build stands; and what becomes usable while its persona is retired is retired. */
function stateOf(persona: string, state: NonNullable<BuildUpdate["state"]>) {
  const retired = sql<boolean>`exists (select 1 from personas where persona = ${persona} and retired_at is not null)`;
  const published = state === "usable" ? sql<VersionState>`case when ${retired} then 'retired' else 'usable' end` : sql`${state}`;
  return {
    state: sql<VersionState>`case when state = 'draft' then 'draft' else ${published} end`,
    draft_build: sql<DraftBuild | null>`case when state = 'draft' then ${state} end`,
  };
}

/**
 * Only forward, in the order of publication: an older version that becomes usable does not take "latest" back, and a draft that was
 * published after a later number does. While its persona is retired, it is what is latest afterwards. */
function moveLatest(store: Store, persona: string, version: number): readonly Step[] {
  const forward = (column: "latest" | "retired_latest", state: "usable" | "retired") =>
    run(
      store.sql
        .updateTable("personas")
        .set({ [column]: version })
        .where("persona", "=", persona)
        .where("retired_at", state === "retired" ? "is not" : "is", null)
        .where(({ or, eb }) => or([eb(column, "is", null), isAfter(column, persona, version)]))
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom("versions")
              .select("version")
              .where("persona", "=", persona)
              .where("version", "=", version)
              .where("state", "=", state)
              .where("removed_at", "is", null),
          ),
        ),
    );
  return [forward("latest", "usable"), forward("retired_latest", "retired")];
}

function isAfter(column: "latest" | "retired_latest", persona: string, version: number) {
  const present = sql.ref(column);
  const when = (of: RawBuilder<unknown>) => sql`(select published_at from versions where persona = ${persona} and version = ${of})`;
  const mine = when(sql`${version}`);
  const theirs = when(present);
  return sql<boolean>`(${mine} > ${theirs} or (${mine} = ${theirs} and ${version} > ${present}))`;
}
