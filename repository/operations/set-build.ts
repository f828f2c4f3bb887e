import { toText } from "../json-text.ts";
import type { BuildUpdate } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";

export async function setBuild(store: Store, persona: string, version: number, build: BuildUpdate): Promise<void> {
  const set = {
    ...(build.state === undefined ? {} : { state: build.state }),
    ...(build.percent === undefined ? {} : { build_percent: build.percent }),
    ...(build.message === undefined ? {} : { build_message: build.message }),
    ...(build.took === undefined ? {} : { build_took: build.took }),
    ...(build.image === undefined ? {} : { image: toText(build.image) }),
  };
  if (Object.keys(set).length === 0) return;
  const update = must(
    store.sql.updateTable("versions").set(set).where("persona", "=", persona).where("version", "=", version).returning("version"),
    () => new RepositoryError("not_found", `persona ${persona} has no version ${version}`),
  );
  await store.write(build.state === "usable" ? [update, moveLatest(store, persona, version)] : [update]);
}

/** Only forward: a rebuilt older version does not take "latest" back. */
function moveLatest(store: Store, persona: string, version: number): Step {
  return run(
    store.sql
      .updateTable("personas")
      .set({ latest: version })
      .where("persona", "=", persona)
      .where(({ or, eb }) => or([eb("latest", "is", null), eb("latest", "<", version)])),
  );
}
