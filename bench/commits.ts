/**
 * How much of the disk's commit rate whole lives of workspaces get through the repository. Run: node bench/commits.ts [rounds]
 * Each round takes bare commits of the same rows (node:sqlite, one transaction each, this thread) and lives through the repository, one
 * after the other; the figure is writes/s through the repository by bare commits/s. 0.5 or more is asked for.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import type { Amounts } from "@guise/contract";
import { silentLog, systemClock } from "#foundation";
import { type AnyStep, type AuditEntry, openSqliteRepository, type Repository, type WorkspaceStep } from "#repository";

const LIVES = 400;
/** Create, admit, handle, ready, desired, releasing, released. */
const WRITES_PER_LIFE = 7;
const CONCURRENCY = [1, 32] as const;
const AMOUNTS: Amounts = { cpu: 1000, ram: 2 ** 30, storage: 2 ** 33, ingress: 5e7, egress: 5e7 };
const CONCRETE = { applications: Array.from({ length: 8 }, (_, index) => ({ name: `application-${index}`, settings: "x".repeat(200) })) };
const ENTRY: AuditEntry = { at: 1, actor: "local|ada", action: "request", target: "ws", outcome: "done" };

interface Measured {
  readonly seconds: number;
  readonly commits: number;
}

async function oneLife(repository: Repository, id: string): Promise<void> {
  const names = { id, owner: "local|ada", group: "staff", persona: "analyst", personaName: "Analyst", version: 1, name: id };
  const rest = {
    environment: "production",
    parameters: {},
    priority: "normal",
    demand: AMOUNTS,
    concrete: CONCRETE,
    requestedAt: 1,
    home: `h-${id}`,
    keepHome: false,
  };
  let { workspace: row } = await repository.createWorkspace({ ...names, ...rest }, ENTRY);
  const move = async (step: Omit<AnyStep, "id" | "revision" | "at">) => {
    row = await repository.move({ id, revision: row.revision, at: 2, ...step } as WorkspaceStep);
  };
  await move({ to: "provisioning", reason: "starting", newGeneration: { engineName: id }, allocate: { node: "n", amounts: AMOUNTS } });
  await repository.storeHandle(id, 1, { driver: "memory", version: 1, opaque: id });
  await move({ to: "ready", phases: [{ phase: "sandbox", took: 1 }] });
  await repository.setDesired(id, { desired: "released", reason: "given_back", by: "ada" }, ENTRY);
  await move({ to: "releasing", reason: "given_back" });
  await move({ to: "released", free: true });
}

async function lives(folder: string, concurrency: number): Promise<Measured> {
  let commits = 0;
  const onCommit = () => {
    commits++;
  };
  const repository = await openSqliteRepository({ folder, installation: "bench", clock: systemClock, log: silentLog, onCommit });
  const persona = {
    persona: "analyst",
    name: "Analyst",
    digest: "d",
    definition: {},
    ownerGroup: "staff",
    publishedBy: "ada",
    publishedAt: 1,
  };
  await repository.publishVersion(persona, ENTRY);
  commits = 0;
  const ids = Array.from({ length: LIVES }, (_, index) => `ws-${index}`);
  const began = performance.now();
  const person = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) await oneLife(repository, id);
  };
  await Promise.all(Array.from({ length: concurrency }, person));
  const seconds = (performance.now() - began) / 1000;
  await repository.close();
  return { seconds, commits };
}

/** The rows that a life writes, each write in a transaction of its own, with nothing else around it. */
function bare(folder: string): Measured {
  using database = new DatabaseSync(join(folder, "bare.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF");
  database.exec(readFileSync(new URL("../repository/migrations/schema.sql", import.meta.url), "utf8"));
  const row = database.prepare(
    `INSERT INTO workspaces (id, owner, group_name, persona, persona_name, version, environment, name, priority, requested_at, state, revision,
     desired, generation, attempts, queued_since, demand, phases, applications, parameters, concrete)
     VALUES (?, 'local|ada', 'staff', 'analyst', 'Analyst', 1, 'production', ?, 'normal', 1, 'queued', 1, 'ready', 0, 0, 1, '{}', '[]', '[]', '{}', ?)`,
  );
  const update = database.prepare("UPDATE workspaces SET state = ?, revision = ? WHERE id = ?");
  const event = database.prepare("INSERT INTO events VALUES (?, ?, 0, 'state', 1, NULL, '{}')");
  const states = ["queued", "provisioning", "provisioning", "ready", "ready", "releasing", "released"];
  const began = performance.now();
  for (let life = 0; life < LIVES; life++) {
    const id = `ws-${life}`;
    for (const [index, state] of states.entries()) {
      database.exec("BEGIN IMMEDIATE");
      if (index === 0) row.run(id, id, JSON.stringify(CONCRETE));
      else update.run(state, index, id);
      event.run(id, index);
      database.exec("COMMIT");
    }
  }
  return { seconds: (performance.now() - began) / 1000, commits: LIVES * states.length };
}

async function inFolder<T>(measure: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "guise-bench-"));
  chmodSync(folder, 0o700);
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(concurrency: number, rounds: number): Promise<void> {
  const ratios: number[] = [];
  const lifeRates: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const plain = await inFolder(bare);
    const through = await inFolder((folder) => lives(folder, concurrency));
    lifeRates.push(LIVES / through.seconds);
    ratios.push((LIVES * WRITES_PER_LIFE) / through.seconds / (plain.commits / plain.seconds));
    shares.push((LIVES * WRITES_PER_LIFE) / through.commits);
  }
  const facts = [`${median(lifeRates).toFixed(0)} lives/s`, `${median(shares).toFixed(1)} writes a commit`];
  console.log(`commits: ${concurrency} at once: ratio ${median(ratios).toFixed(2)} (bar 0.5 at 32); ${facts.join(", ")}`);
}

const rounds = Number(process.argv[2] ?? 5);
for (const concurrency of CONCURRENCY) await compare(concurrency, rounds);
