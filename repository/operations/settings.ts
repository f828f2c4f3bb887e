import { fromText, toText } from "../json-text.ts";
import { run, type Store } from "../store.ts";

export async function readSetting(store: Store, name: string): Promise<unknown> {
  const [rows] = await store.read(store.sql.selectFrom("settings").select("value").where("name", "=", name));
  return rows[0] === undefined ? undefined : fromText<unknown>(rows[0].value);
}

export async function writeSetting(store: Store, name: string, value: unknown): Promise<void> {
  const text = toText(value);
  const insert = store.sql
    .insertInto("settings")
    .values({ name, value: text })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: text }));
  await store.write([run(insert)]);
}
