/** The thread that owns the database. It knows statements and rules, and no word of the product. */
import type { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { backupTo } from "./backup.ts";
import { faultOf } from "./fault.ts";
import { openDatabase } from "./open-database.ts";
import type { Answer, Opening, OpenOrder, Request } from "./protocol.ts";
import { PreparedStatements, runBatch } from "./run-batch.ts";

function say(message: Opening | Answer): void {
  parentPort?.postMessage(message);
}

function answerTo(database: DatabaseSync, prepared: PreparedStatements, request: Request): Answer {
  try {
    if (request.kind === "batch") return { kind: "batch", batch: runBatch(database, prepared, request.tasks) };
    if (request.kind === "backup") backupTo(database, request.path);
    else database.close();
    return { kind: "done" };
  } catch (error) {
    return { kind: "fault", fault: faultOf(error) };
  }
}

function serve(database: DatabaseSync): void {
  const prepared = new PreparedStatements(database);
  parentPort?.on("message", (request: Request) => {
    say(answerTo(database, prepared, request));
    if (request.kind === "close") parentPort?.close();
  });
}

function start(order: OpenOrder): void {
  try {
    const opened = openDatabase(order);
    if (opened.kind === "open") serve(opened.database);
    say(opened.kind === "open" ? { kind: "open", warnings: opened.warnings } : opened);
  } catch (error) {
    say({ kind: "fault", fault: faultOf(error) });
  }
}

start(workerData as OpenOrder);
