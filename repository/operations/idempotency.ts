import { fromText, toText } from "../json-text.ts";
import type { IdempotencyRow, NewWorkspace } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { mustNot, run, type Step, type Store } from "../store.ts";

/** How long a key keeps its answer, ms. */
const KEPT = 24 * 60 * 60 * 1000;

type Key = Pick<IdempotencyRow, "principal" | "route" | "key">;

/** The record of the key, as long as it is kept. */
export function remembered(store: Store, { principal, route, key }: Key) {
  return store.sql
    .selectFrom("idempotency")
    .where("idempotency.principal", "=", principal)
    .where("idempotency.route", "=", route)
    .where("idempotency.key", "=", key)
    .where("idempotency.at", ">", store.clock.now() - KEPT);
}

export function forgetOldAnswers(store: Store): Step {
  return run(store.sql.deleteFrom("idempotency").where("at", "<=", store.clock.now() - KEPT));
}

/** The act is done under this key; its answer is to follow. */
export function recordKey(store: Store, record: NonNullable<NewWorkspace["idempotency"]> & { workspace: string; at: number }): Step {
  const { principal, route, key, bodyHash, workspace, at } = record;
  return run(
    store.sql
      .insertInto("idempotency")
      .values({ principal, route, key, body_hash: bodyHash, workspace, status: 0, answer: toText({ workspace }), at }),
  );
}

export async function readAnswer(store: Store, principal: string, route: string, key: string): Promise<IdempotencyRow | undefined> {
  const [rows] = await store.read(remembered(store, { principal, route, key }).selectAll());
  const row = rows[0];
  if (row === undefined) return undefined;
  return { principal, route, key, bodyHash: row.body_hash, status: row.status, answer: fromText(row.answer), at: row.at };
}

/** The first answer stays; `exists` when the key belongs to another body. */
export async function rememberAnswer(store: Store, row: IdempotencyRow): Promise<void> {
  const { principal, route, key, bodyHash, status, at } = row;
  const answer = toText(row.answer);
  await store.write([
    forgetOldAnswers(store),
    mustNot(
      remembered(store, row).select("idempotency.key").where("idempotency.body_hash", "<>", bodyHash),
      () => new RepositoryError("exists", "the key was used for another request"),
    ),
    run(
      store.sql
        .insertInto("idempotency")
        .values({ principal, route, key, body_hash: bodyHash, workspace: null, status, answer, at })
        .onConflict((conflict) =>
          conflict.columns(["principal", "route", "key"]).doUpdateSet({ status, answer }).where("idempotency.status", "=", 0),
        ),
    ),
  ]);
}
