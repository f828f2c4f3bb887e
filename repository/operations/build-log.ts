import { sql } from "kysely";
import { fromText, toText } from "../json-text.ts";
import { run, type Store } from "../store.ts";

export async function appendBuildLog(store: Store, persona: string, version: number, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const insert = store.sql.insertInto("build_log").values(({ selectFrom }) => ({
    persona,
    version,
    part: selectFrom("build_log")
      .select(sql<number>`coalesce(max(part), 0) + 1`.as("next"))
      .where("persona", "=", persona)
      .where("version", "=", version),
    lines: toText(lines),
  }));
  await store.write([run(insert)]);
}

export async function readBuildLog(store: Store, persona: string, version: number): Promise<readonly string[]> {
  const [rows] = await store.read(
    store.sql.selectFrom("build_log").select("lines").where("persona", "=", persona).where("version", "=", version).orderBy("part"),
  );
  return rows.flatMap(({ lines }) => fromText<string[]>(lines));
}
