import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { migrate } from "../sqlite/migrate.ts";
import { MIGRATIONS } from "./migrations.ts";
import { schemaAfter } from "./write-schema.ts";

const BOOKS = { installation: "i-1", now: 5 };

describe("migrations", () => {
  it("lead to the schema that is written down", () => {
    const written = readFileSync(new URL("./schema.sql", import.meta.url), "utf8");
    expect(schemaAfter(MIGRATIONS)).toBe(written);
  });

  it("are numbered from 1 without a gap", () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it("are recorded once, and those that are new are added", () => {
    using database = new DatabaseSync(":memory:");
    const more = {
      number: MIGRATIONS.length + 1,
      name: "made_up",
      breaking: false,
      statements: ["CREATE TABLE made_up (id TEXT)"],
      sqlite: [],
    };
    migrate(database, MIGRATIONS, BOOKS);
    migrate(database, [...MIGRATIONS, more], { ...BOOKS, now: 6 });
    migrate(database, [...MIGRATIONS, more], { ...BOOKS, now: 7 });
    const rows = database.prepare("SELECT number, breaking, applied_at FROM migrations").all();
    expect(rows.map((row) => ({ ...row }))).toEqual([
      ...MIGRATIONS.map(({ number, breaking }) => ({ number, breaking: breaking ? 1 : 0, applied_at: 5 })),
      { number: MIGRATIONS.length + 1, breaking: 0, applied_at: 6 },
    ]);
  });

  it("that fail leave nothing of themselves", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, MIGRATIONS, BOOKS);
    const bad = {
      number: MIGRATIONS.length + 1,
      name: "bad",
      breaking: true,
      statements: ["CREATE TABLE made_up (id TEXT)", "not a statement"],
      sqlite: [],
    };
    expect(() => migrate(database, [...MIGRATIONS, bad], BOOKS)).toThrow();
    expect(database.prepare("SELECT count(*) AS n FROM migrations").get()).toEqual({ n: MIGRATIONS.length });
    expect(database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'made_up'").get()).toEqual({ n: 0 });
  });
});

describe("homes", () => {
  it("of workspaces that live when they get names of their own are named after them", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, MIGRATIONS.slice(0, 1), BOOKS);
    database.exec("INSERT INTO personas VALUES ('p', 1)");
    database.exec("INSERT INTO versions VALUES ('p', 1, 'P', NULL, 'd', '{}', 'g', 'ada', 0, 'usable', NULL, NULL, NULL, NULL)");
    for (const [id, state] of [
      ["w-1", "ready"],
      ["w-2", "released"],
    ])
      database.exec(
        `INSERT INTO workspaces (id, owner, group_name, persona, persona_name, version, environment, name, priority, requested_at, state, revision,
         desired, generation, attempts, queued_since, demand, phases, applications, parameters, concrete)
         VALUES ('${id}', 'ada', 'g', 'p', 'P', 1, 'production', 'main', 'normal', 7, '${state}', 1, 'ready', 1, 0, 7, '{}', '[]', '[]', '{}', '{}')`,
      );
    migrate(database, MIGRATIONS, BOOKS);
    expect(
      database
        .prepare("SELECT id, home, drop_home FROM workspaces ORDER BY id")
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([
      { id: "w-1", home: "w-1", drop_home: 0 },
      { id: "w-2", home: "w-2", drop_home: 0 },
    ]);
    expect(
      database
        .prepare("SELECT home, owner, keep, workspace, bytes FROM homes")
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([{ home: "w-1", owner: "ada", keep: 0, workspace: "w-1", bytes: 0 }]);
  });
});

describe("images", () => {
  it("of versions that were built before are known, and those that run on them", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, MIGRATIONS.slice(0, 3), BOOKS);
    database.exec("INSERT INTO personas VALUES ('p', 1)");
    const image = JSON.stringify({ reference: "r1", bytes: 5 });
    database.exec(`INSERT INTO versions VALUES ('p', 1, 'P', NULL, 'd', '{}', 'g', 'ada', 9, 'usable', NULL, NULL, NULL, '${image}')`);
    database.exec("INSERT INTO versions VALUES ('p', 2, 'P', NULL, 'd', '{}', 'g', 'ada', 9, 'building', NULL, NULL, NULL, NULL)");
    for (const state of ["ready", "queued"])
      database.exec(
        `INSERT INTO workspaces (id, owner, group_name, persona, persona_name, version, environment, name, priority, requested_at, state, revision,
         desired, generation, attempts, queued_since, demand, phases, applications, parameters, concrete)
         VALUES ('w-${state}', 'ada', 'g', 'p', 'P', 1, 'production', '${state}', 'normal', 7, '${state}', 1, 'ready', 1, 0, 7, '{}', '[]', '[]', '{}', '{}')`,
      );
    migrate(database, MIGRATIONS, BOOKS);
    const rows = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row }));
    expect(rows("SELECT * FROM images")).toEqual([{ persona: "p", version: 1, revision: 1, reference: "r1", built_at: 9, used_at: 9 }]);
    expect(rows("SELECT id, image_revision, image FROM workspaces ORDER BY id")).toEqual([
      { id: "w-queued", image_revision: null, image: null },
      { id: "w-ready", image_revision: 1, image: "r1" },
    ]);
  });
});

describe("the audit table", () => {
  it.each([
    ["UPDATE audit SET actor = 'somebody'", "never changed"],
    ["DELETE FROM audit", "never deleted"],
    ["INSERT INTO audit SELECT 7, at, actor, action, target, outcome, facts FROM audit", "without a gap"],
    ["REPLACE INTO audit SELECT sequence, at, 'somebody', action, target, outcome, facts FROM audit", "without a gap"],
  ])("refuses %s", (statement, reason) => {
    using database = new DatabaseSync(":memory:");
    migrate(database, MIGRATIONS, BOOKS);
    database.exec("INSERT INTO audit VALUES (1, 1, 'ada', 'look', 'x', 'done', NULL)");
    expect(() => database.exec(statement)).toThrow(reason);
    expect(
      database
        .prepare("SELECT sequence, actor FROM audit")
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([{ sequence: 1, actor: "ada" }]);
  });
});
