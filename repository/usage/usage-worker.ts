import { renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { UsagePoint } from "@guise/contract";
import { type DayUse, USAGE_SUBJECTS, type UsageSubject } from "./usage-days.ts";
import type { UsageTask } from "./usage-protocol.ts";

const { path } = workerData as { readonly path: string };

const TABLES = `
  create table if not exists points (
    workspace text not null, length integer not null, at integer not null, covers integer not null, cpu integer not null, ram integer not null,
    ram_peak integer not null, storage integer not null, received integer not null, sent integer not null,
    primary key (workspace, length, at)
  ) without rowid;
  create index if not exists points_by_age on points (length, at);
  create table if not exists kept (workspace text primary key, at integer not null, data text not null) without rowid;
  create index if not exists kept_by_age on kept (at);
  create table if not exists days (
    day integer not null, persona text not null, version integer not null, "group" text not null, owner text not null, application text not null,
    launches integer not null, running integer not null, cpu_time integer not null, cpu_peak integer not null, ram_peak integer not null,
    storage_peak integer not null, asked_cpu integer not null, asked_ram integer not null, asked_storage integer not null,
    primary key (day, persona, version, "group", owner, application)
  ) without rowid;
`;

/** A lost minute of usage is worth no wait for the disk. */
function open(): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal;");
  database.exec(TABLES);
  const { quick_check: verdict } = database.prepare("pragma quick_check(1)").get() as { quick_check: string };
  if (verdict !== "ok") throw new Error(verdict);
  return database;
}

function openOrBegin(): { readonly database: DatabaseSync; readonly aside?: string } {
  try {
    return { database: open() };
  } catch {
    const aside = `${path}.damaged-${Date.now()}`;
    renameSync(path, aside);
    for (const beside of ["-wal", "-shm"]) {
      try {
        renameSync(`${path}${beside}`, `${aside}${beside}`);
      } catch {
        // It is not there.
      }
    }
    return { database: open(), aside };
  }
}

const { database, aside } = openOrBegin();
const statements = {
  point: database.prepare("insert or replace into points values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
  keep: database.prepare("insert or replace into kept values (?, ?, ?)"),
  kept: database.prepare("select data from kept where workspace = ?"),
  points: database.prepare(
    "select at, covers, cpu, ram, ram_peak, storage, received, sent from points where workspace = ? and length = ? and at >= ? order by at limit 5000",
  ),
  forget: database.prepare("delete from points where length = ? and at < ?"),
  forgetKept: database.prepare("delete from kept where at < ?"),
  note: database.prepare(`
    insert into days values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict do update set launches = launches + excluded.launches, running = running + excluded.running,
      cpu_time = cpu_time + excluded.cpu_time, cpu_peak = max(cpu_peak, excluded.cpu_peak), ram_peak = max(ram_peak, excluded.ram_peak),
      storage_peak = max(storage_peak, excluded.storage_peak), asked_cpu = max(asked_cpu, excluded.asked_cpu),
      asked_ram = max(asked_ram, excluded.asked_ram), asked_storage = max(asked_storage, excluded.asked_storage)
  `),
  forgetDays: database.prepare("delete from days where day < ?"),
};

const SUMS = `
  count(distinct owner) as people, sum(launches) as launches, sum(running) as running, sum(cpu_time) as cpu_time, max(cpu_peak) as cpu_peak,
  max(ram_peak) as ram_peak, max(storage_peak) as storage_peak, max(asked_cpu) as asked_cpu, max(asked_ram) as asked_ram,
  max(asked_storage) as asked_storage
`;

/** Of a day on which something did not run nothing is told. */
function summed(subject: UsageSubject, since: number, isByDay: boolean): unknown {
  const { columns, of } = USAGE_SUBJECTS[subject];
  const named = columns.map((column) => `"${column}"`).join(", ");
  const rows = `from days where day >= ? and application ${of === "applications" ? "<>" : "="} ''`;
  const query = isByDay
    ? `select ${named}, day, sum(running) as running ${rows} group by ${named}, day having sum(running) > 0 order by ${named}, day`
    : `select ${named}, ${SUMS} ${rows} group by ${named} order by ${named}`;
  return database.prepare(query).all(since);
}

function answer(task: UsageTask): unknown {
  switch (task.kind) {
    case "save":
      return save(task);
    case "kept":
      return (statements.kept.get(task.workspace) as { data: string } | undefined)?.data;
    case "points": {
      const rows = statements.points.all(task.workspace, task.length, task.since) as unknown as (Omit<UsagePoint, "at"> & { at: number })[];
      return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
    }
    case "forget":
      return void statements.forget.run(task.length, task.before);
    case "forget_kept":
      return void statements.forgetKept.run(task.before);
    case "sums":
      return summed(task.subject, task.since, false);
    case "day_sums":
      return summed(task.subject, task.since, true);
    case "forget_days":
      return void statements.forgetDays.run(task.before);
    case "close":
      return database.close();
  }
}

function save({ points, kept, days }: Extract<UsageTask, { kind: "save" }>): void {
  database.exec("begin");
  try {
    for (const { workspace, length, point } of points) {
      const { at, covers, cpu, ram, ram_peak, storage, received, sent } = point;
      statements.point.run(workspace, length, new Date(at).getTime(), covers, cpu, ram, ram_peak, storage, received, sent);
    }
    for (const { workspace, at, data } of kept) statements.keep.run(workspace, at, data);
    for (const use of days) note(use);
    database.exec("commit");
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}

function note(use: DayUse): void {
  const { day, persona, version, group, owner, application, launches, running, cpu_time, cpu_peak, ram_peak, storage_peak } = use;
  const amounts = [launches, running, cpu_time, cpu_peak, ram_peak, storage_peak, use.asked_cpu, use.asked_ram, use.asked_storage];
  statements.note.run(day, persona, version, group, owner, application, ...amounts.map(Math.round));
}

parentPort?.on("message", (task: UsageTask) => {
  try {
    parentPort?.postMessage({ value: answer(task) });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
parentPort?.postMessage({ opened: true, ...(aside === undefined ? {} : { aside }) });
