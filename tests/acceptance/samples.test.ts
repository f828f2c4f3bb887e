import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Served } from "./support/served.ts";
import { World } from "./support/world.ts";

/**
 * Each sample persona does its task for real; JupyterLab is asked for its own settings through the local port.
 * Slow: four images with hundreds of packages are built the first time, JupyterLab and pandas among them.
 */
const PERSONAS = join(import.meta.dirname, "..", "..", "personas");
const SAMPLES = {
  "code-reviewer": "engineering",
  "marketing-report-creator": "marketing",
  "log-investigator": "operations",
  "data-analyst": "analytics",
};
const PORT = 7177;

interface Task {
  readonly task: string;
  readonly brings: readonly { readonly from: string; readonly to: string }[];
  readonly run: readonly string[];
  readonly expects: { readonly file: string; readonly contains: readonly string[] };
}

let world: World;

beforeAll(async () => {
  world = await World.shared();
  for (const [persona, group] of Object.entries(SAMPLES))
    await world.guise("persona", "publish", join(PERSONAS, `${persona}.json`), "--group", group);
});
afterAll(() => world?.close());

describe("sample personas", () => {
  test.each(Object.keys(SAMPLES))("%s does its task", async (persona) => {
    const task = JSON.parse(readFileSync(join(PERSONAS, "tasks", `${persona}.json`), "utf8")) as Task;
    expect((await world.guise("request", persona, "--no-launch")).exit).toBe(0);
    for (const { from, to } of task.brings)
      expect((await world.guise("cp", join(PERSONAS, "tasks", from), `${persona}:${to}`)).exit).toBe(0);
    for (const line of task.run) {
      const { exit, stderr } = await world.guise("exec", persona, "--", "sh", "-c", line);
      expect([exit, stderr.slice(-500)], line).toEqual([0, expect.anything()]);
    }
    const { stdout } = await world.guise("exec", persona, "--", "sh", "-c", `cat ${task.expects.file}`);
    for (const part of task.expects.contains) expect(stdout).toContain(part);
    expect((await world.guise("release", persona)).exit).toBe(0);
  });

  test("what the samples bring runs in a terminal or answers in a browser, with the settings that the persona gives", async () => {
    await world.guise("request", "log-investigator", "--no-launch");
    await world.guise(
      "exec",
      "log-investigator",
      "--",
      "sh",
      "-c",
      "sqlite3 ~/incident.db 'CREATE TABLE hits (path TEXT)' && touch ~/a.log",
    );
    const programs = await world.guise("exec", "log-investigator", "--", "sh", "-c", "lnav -V; vd --version; mlr --version; vim --version");
    expect(programs.stdout).toMatch(/lnav \d[\s\S]*VisiData v3[\s\S]*mlr \d[\s\S]*VIM - Vi IMproved/);
    for (const application of ["lnav", "visidata", "sqlite", "vim"]) {
      const launched = await world.guise("launch", "log-investigator", application, "--json");
      expect([application, launched.exit, JSON.parse(launched.stdout)]).toMatchObject([application, 0, { state: "running" }]);
    }
    const running = `ps -eo args | grep -E '^(lnav|vim|sqlite3|.*/vd)( |$)' | sort`;
    await expect
      .poll(async () => (await world.guise("exec", "log-investigator", "--", "sh", "-c", running)).stdout, {
        timeout: 15_000,
        interval: 500,
      })
      .toMatch(/vd[\s\S]*lnav \/home\/user[\s\S]*sqlite3 -cmd \.open "\/home\/user\/incident\.db[\s\S]*vim/);
    const serving = world.begin("owner", "launch", "log-investigator", "datasette", "--port", String(PORT));
    const served = await Served.by(serving, PORT);
    await served.open();
    expect(JSON.parse((await served.get("/incident.json")).body)).toMatchObject({ tables: [{ name: "hits" }] });
    expect(JSON.parse((await served.get("/-/settings.json")).body)).toMatchObject({ default_page_size: 50 });
    serving.interrupt();
    await serving.ended;
    await world.guise("release", "log-investigator");
  });

  test("a notebook, python3, pip list and the shell see the same packages", async () => {
    await world.guise("request", "data-analyst", "--no-launch");
    const seen = "import sys, pandas, polars, matplotlib, sklearn; print(sys.prefix, polars.__version__)";
    const cell = { cell_type: "code", id: "seen", metadata: {}, execution_count: null, outputs: [], source: seen };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
    const script = `printf %s "$1" > seen.ipynb && jupyter execute --inplace seen.ipynb && cat seen.ipynb
      python3 -c "$2"; bash -lc 'python3 -c "$0"' "$2"; echo "/opt/guise/python $(pip list 2>/dev/null | awk '$1 == "polars" { print $2 }')"`;
    const { stdout } = await world.guise("exec", "data-analyst", "--", "sh", "-c", script, "sh", JSON.stringify(notebook), seen);
    const lines = stdout.match(/\/opt\/guise\/python [0-9][0-9.]+/g) ?? [];
    await world.guise("release", "data-analyst");
    expect([lines.length, new Set(lines).size], stdout).toEqual([4, 1]);
  });

  test("a web application: one link, its own host only, and the theme that the persona sets", async () => {
    await world.guise("request", "data-analyst", "--environment", "staging", "--param", "region=UK", "--no-launch");
    const serving = world.begin("owner", "launch", "data-analyst", "jupyterlab", "--port", String(PORT));
    const served = await Served.by(serving, PORT);
    expect((await served.get("/lab")).status).toBe(403);
    expect((await served.get("/lab", "evil.localhost:7177")).status).toBe(421);
    await served.open();
    expect((await served.open()).status).toBe(403);
    const settings = await served.get("/lab/api/settings/@jupyterlab/apputils-extension:themes");
    expect(settings.status).toBe(200);
    expect(settings.body).toMatch(/JupyterLab Dark/);
    serving.interrupt();
    await serving.ended;
    await world.guise("release", "data-analyst");
  });
});
