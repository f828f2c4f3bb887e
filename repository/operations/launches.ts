import type { Selectable } from "kysely";
import type { AuditEntry, LaunchRow } from "../repository.ts";
import { RepositoryError } from "../repository-error.ts";
import { must, run, type Step, type Store } from "../store.ts";
import type { LaunchChange } from "../stored-workspace.ts";
import type { LaunchesTable } from "../tables.ts";
import { auditStep } from "./write-audit.ts";
import { innerEventStep } from "./write-event.ts";

export async function recordLaunch(store: Store, launch: LaunchRow, audit?: AuditEntry): Promise<void> {
  const { id, workspace, generation, application, kind, state } = launch;
  const insert = run(
    store.sql.insertInto("launches").values({
      ...{ id, workspace, generation, application, kind, state },
      started_at: launch.startedAt,
      ended_at: launch.endedAt ?? null,
      exit: launch.exit ?? null,
      web_port: launch.web?.port ?? null,
      web_path: launch.web?.path ?? null,
      arguments: launch.arguments === undefined ? null : JSON.stringify(launch.arguments),
      said: launch.said ?? null,
      screen: launch.screen === undefined ? null : JSON.stringify(launch.screen),
    }),
  );
  const entry = audit === undefined ? [] : [auditStep(store, audit)];
  await store.write([insert, launchEvent(store, launch, launch.startedAt), ...entry]);
}

/** What a launch belongs to never changes, so it may be read before the write. */
export async function updateLaunch(store: Store, id: string, change: LaunchChange): Promise<void> {
  const gone = () => new RepositoryError("not_found", `there is no launch ${id}`);
  const [rows] = await store.read(store.sql.selectFrom("launches").select(["workspace", "application"]).where("id", "=", id));
  const launch = rows[0];
  if (launch === undefined) throw gone();
  const { state, exit, endedAt, said, again } = change;
  const set = {
    state,
    ...(exit === undefined ? {} : { exit }),
    ...(endedAt === undefined ? {} : { ended_at: endedAt }),
    ...(said === undefined ? {} : { said }),
    ...(again === undefined ? {} : { generation: again.generation, started_at: again.startedAt }),
  };
  const update = must(store.sql.updateTable("launches").set(set).where("id", "=", id).returning("id"), gone);
  await store.write([
    update,
    launchEvent(store, { id, ...launch, state, ...(exit === undefined ? {} : { exit }) }, endedAt ?? store.clock.now()),
  ]);
}

export async function readLaunches(store: Store, workspace: string): Promise<readonly LaunchRow[]> {
  const query = store.sql.selectFrom("launches").selectAll().where("workspace", "=", workspace).orderBy("started_at").orderBy("id");
  const [rows] = await store.read(query);
  return rows.map(launchOf);
}

function launchEvent(store: Store, launch: Pick<LaunchRow, "id" | "workspace" | "application" | "state" | "exit">, at: number): Step {
  const ended = launch.exit === undefined ? "" : ` with ${launch.exit}`;
  const body = { launch: launch.id, application: launch.application, message: `${launch.application} ${launch.state}${ended}` };
  return innerEventStep(store, { workspace: launch.workspace, kind: "launch", at, body });
}

function launchOf(row: Selectable<LaunchesTable>): LaunchRow {
  const { id, workspace, generation, application, kind, state } = row;
  return {
    ...{ id, workspace, generation, application, kind, state },
    startedAt: row.started_at,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.exit === null ? {} : { exit: row.exit }),
    ...(row.arguments === null ? {} : { arguments: JSON.parse(row.arguments) as string[] }),
    ...(row.said === null ? {} : { said: row.said }),
    ...(row.screen === null ? {} : { screen: JSON.parse(row.screen) as NonNullable<LaunchRow["screen"]> }),
    ...(row.web_port === null ? {} : { web: { port: row.web_port, path: row.web_path ?? "/" } }),
  };
}
