import { sql } from "kysely";
import type { AnyStep, ImageHolder, ImageRecord } from "../repository.ts";
import { run, type Step, type Store } from "../store.ts";

type Key = Pick<ImageRecord, "persona" | "version"> & { readonly revision?: number | undefined };

/** The image of that revision, by default of the version's present one, is there under this name. */
export function recordImage(store: Store, { persona, version, revision: given }: Key, reference: string, at: number): Step {
  const revision = given ?? sql<number>`(select revision from versions where persona = ${persona} and version = ${version})`;
  return run(
    store.sql
      .insertInto("images")
      .values({ persona, version, revision, reference, built_at: at, used_at: at })
      .onConflict((conflict) => conflict.columns(["persona", "version", "revision"]).doUpdateSet({ reference, built_at: at, used_at: at })),
  );
}

/** Written with the move: a workspace begins on its image, or ends on the one that it had. */
export function imageSteps(store: Store, step: AnyStep): readonly Step[] {
  if (step.image === undefined && step.to !== "suspended" && step.to !== "released") return [];
  const held = store.sql.selectFrom("workspaces").select("image").where("id", "=", step.id).$castTo<string>();
  return [run(store.sql.updateTable("images").set({ used_at: step.at }).where("reference", "=", held))];
}

/** Of its persona nothing is left; while there is a version, the layers of an earlier one spare the next builds much. */
const ORPHAN = sql<number>`not exists (select 1 from versions as left_over where left_over.persona = images.persona and left_over.removed_at is null)`;

/** All images that were ever built and not forgotten, by persona, version and revision; and who has or will need one: of one moment. */
export async function readImages(store: Store): Promise<{ records: readonly ImageRecord[]; holders: readonly ImageHolder[] }> {
  const [records, holders] = await store.read(
    store.sql
      .selectFrom("images")
      .innerJoin("versions", (join) =>
        join.onRef("versions.persona", "=", "images.persona").onRef("versions.version", "=", "images.version"),
      )
      .selectAll("images")
      .select(["versions.revision as present", ORPHAN.as("orphan")])
      .orderBy("images.persona")
      .orderBy("images.version")
      .orderBy("images.revision"),
    store.sql
      .selectFrom("workspaces")
      .select(["id", "persona", "version", "state", "image"])
      .where("state", "<>", sql.lit("released" as const))
      .orderBy("id"),
  );
  return {
    records: records.map((row) => ({
      persona: row.persona,
      version: row.version,
      revision: row.revision,
      reference: row.reference,
      builtAt: row.built_at,
      usedAt: row.used_at,
      current: row.revision === row.present,
      isOrphan: row.orphan === 1,
    })),
    holders: holders.map((row) => ({
      workspace: row.id,
      persona: row.persona,
      version: row.version,
      state: row.state,
      reference: row.image ?? undefined,
    })),
  };
}

/** Of the revisions that no start gets any more, and of removed personas. What the present one was called, and when it was used, stays known. */
export async function forgetImage(store: Store, reference: string): Promise<void> {
  const older = sql<boolean>`revision < (select revision from versions where versions.persona = images.persona and versions.version = images.version)`;
  await store.write([
    run(
      store.sql
        .deleteFrom("images")
        .where("reference", "=", reference)
        .where(({ or }) => or([older, sql<boolean>`${ORPHAN}`])),
    ),
  ]);
}
