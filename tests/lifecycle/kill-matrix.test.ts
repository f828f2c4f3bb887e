import type { Amounts } from "@guise/contract";
import { afterAll, describe, expect, test } from "vitest";
import { scriptedWeather } from "#drivers/memory";
import type { WorkspaceRow } from "#repository";
import { LoopWorld, SMALL, type WorldOptions } from "./support/loop-world.ts";
import { Mortal, type When } from "./support/mortal.ts";
import { PersonsFile } from "./support/persons-file.ts";
import { registerSales } from "./support/simulated-database.ts";

/**
 * The kill matrix on the simulated engine: each story is told once without death, and then once for each of its steps and both sides
 * of it, with a Guise that dies there and another one that goes on. Whatever happens, the story ends as it does without death.
 * Slow: a Guise dies some 450 times.
 */
interface Story {
  readonly name: string;
  readonly options?: () => WorldOptions;
  /** Acts are of people and come while Guise lives; each is followed by what has to come of it, however often Guise dies. */
  readonly tell: (teller: Teller) => Promise<void>;
}

const LARGE: Amounts = { ...SMALL, cpu: 3000, ram: 2 * SMALL.ram };
const done = (action: string, target: string) => ({ at: 0, actor: "ann", action, target, outcome: "done" as const });

/** Tells a story on a world whose Guise may die. */
class Teller {
  readonly world: LoopWorld;
  readonly #options: WorldOptions;
  readonly #mortal: Mortal;
  #buried = false;
  /** What was promised to be kept, by workspace. */
  readonly written = new Map<string, string>();

  constructor(world: LoopWorld, options: WorldOptions, mortal: Mortal) {
    this.world = world;
    this.#options = options;
    this.#mortal = mortal;
  }

  /** Resolves when it holds; when Guise dies meanwhile, the next one has to bring it about. */
  async until(what: () => Promise<boolean>): Promise<void> {
    await this.world.holds(async () => {
      await this.revive();
      return what().catch(() => false);
    });
  }

  async revive(): Promise<void> {
    if (this.#buried || !this.#mortal.dead) return;
    this.#buried = true;
    await this.world.restart(this.#options);
  }

  async state(id: string, state: WorkspaceRow["state"]): Promise<WorkspaceRow> {
    await this.until(async () => (await this.world.repository.workspace(id))?.state === state);
    const row = await this.world.repository.workspace(id);
    if (row === undefined) throw new Error(`${id} was acknowledged, and is not there`);
    return row;
  }

  async ready(id: string): Promise<WorkspaceRow> {
    return this.state(id, "ready");
  }

  async release(id: string, options: { dropHome?: boolean } = {}): Promise<WorkspaceRow> {
    await this.revive();
    await this.world.wish(id, "released", "given_back", options);
    return this.state(id, "released");
  }

  async wish(id: string, desired: "ready" | "suspended", reason: "suspended_by_person" | "retrying" = "suspended_by_person") {
    await this.revive();
    await this.world.wish(id, desired, reason);
  }

  /** A file that its person saved. */
  write(row: WorkspaceRow): void {
    const content = Buffer.from(`of ${row.id}`);
    this.world.engine.homes.get(row.home)?.files.set("~/kept", { content, mode: 0o600, modified: 0 });
    this.written.set(row.home, content.toString());
  }

  read(row: WorkspaceRow): string | undefined {
    return this.world.engine.homes.get(row.home)?.files.get("~/kept")?.content.toString();
  }
}

const personsFile = new PersonsFile({ path: "~/k.json", keys: { k: 1 } });

const STORIES: readonly Story[] = [
  {
    name: "requested, ready, given back",
    async tell(it) {
      const id = await it.world.request();
      await it.ready(id);
      await it.release(id);
    },
  },
  {
    name: "suspended and resumed with its files",
    async tell(it) {
      const id = await it.world.request();
      it.write(await it.ready(id));
      await it.wish(id, "suspended");
      await it.state(id, "suspended");
      await it.wish(id, "ready");
      const row = await it.ready(id);
      expect(it.read(row)).toBe(`of ${id}`);
      await it.release(id);
    },
  },
  {
    name: "a file that its person changed is merged into",
    options: () => ({ channelSteps: true, program: personsFile.program }),
    async tell(it) {
      personsFile.content = undefined;
      const id = await it.world.request({ files: [personsFile.planned] });
      await it.ready(id);
      personsFile.content = '{"mine": 1}\n';
      await it.wish(id, "suspended");
      await it.state(id, "suspended");
      await it.wish(id, "ready");
      const row = await it.ready(id);
      expect([row.leftFiles, personsFile.content]).toEqual([[], '{"mine": 1, "k": 1}\n']);
      await it.release(id);
    },
  },
  {
    name: "a kept home goes to the next workspace, and is deleted with it",
    async tell(it) {
      const first = await it.world.request({ name: "main", keepHome: true });
      it.write(await it.ready(first));
      const { home } = await it.release(first);
      const second = await it.world.request({ name: "main", keepHome: true });
      const row = await it.ready(second);
      expect([row.home, it.read(row)]).toEqual([home, `of ${first}`]);
      await it.release(second, { dropHome: true });
    },
  },
  {
    name: "a kept home is deleted by command",
    async tell(it) {
      const id = await it.world.request({ name: "main", keepHome: true });
      await it.ready(id);
      const { home } = await it.release(id);
      await it.revive();
      await it.world.repository.doomHome(home, done("delete_home", home));
      it.world.doomed.wake();
      await it.until(async () => (await it.world.repository.homes({})).length === 0);
    },
  },
  {
    name: "fails, and is tried again",
    options() {
      let broken = 1;
      return { program: () => (broken-- > 0 ? { exit: 1, stderr: "no such setting" } : undefined) };
    },
    async tell(it) {
      const id = await it.world.request();
      // Who comes back after the only failing program was asked starts it well: both ends are right.
      await it.until(async () => ["failed", "ready"].includes((await it.world.repository.workspace(id))?.state ?? ""));
      if ((await it.world.repository.workspace(id))?.state === "failed") await it.wish(id, "ready", "retrying");
      await it.ready(id);
      await it.release(id);
    },
  },
  {
    name: "a passing fault is retried",
    options: () => ({ weather: scriptedWeather([{ phase: "storage", mishap: { kind: "dies" } }]) }),
    async tell(it) {
      const id = await it.world.request();
      await it.ready(id);
      await it.release(id);
    },
  },
  {
    name: "is given a role in a database, suspended and resumed",
    async tell(it) {
      const { world } = it;
      await registerSales(world.repository);
      const id = await world.request({ dataSources: [{ source: "sales", access: "read" }] });
      await it.ready(id);
      await it.until(async () => world.database.made.size === 1);
      await it.wish(id, "suspended");
      await it.state(id, "suspended");
      await it.until(async () => world.database.made.size === 0);
      await it.wish(id, "ready");
      await it.ready(id);
      await it.release(id);
      await it.until(async () => world.database.made.size === 0 && (await world.repository.dataAccesses()).length === 0);
    },
  },
  {
    name: "loses two databases while it runs",
    async tell(it) {
      const { world } = it;
      for (const source of ["sales", "stock"]) await registerSales(world.repository, source);
      const dataSources = ["sales", "stock"].map((source) => ({ source, access: "read" as const }));
      const id = await world.request({ dataSources });
      await it.ready(id);
      await it.revive();
      world.database.groups = ["others"];
      world.keeper.wake();
      await it.until(async () => world.database.made.size === 0 && (await world.repository.dataAccesses()).length === 0);
      const { generation } = await it.ready(id);
      expect(world.engine.sandboxes.get(`${id}#${generation}`)?.spec.network.sources).toEqual([]);
      await it.release(id);
    },
  },
  {
    name: "resized",
    async tell(it) {
      const id = await it.world.request();
      await it.ready(id);
      await it.revive();
      await it.world.repository.setWantedDemand(id, LARGE, done("resize_workspace", id));
      it.world.loop.wake(id);
      await it.until(async () => (await it.world.repository.workspace(id))?.wantedDemand === undefined);
      const row = await it.ready(id);
      expect(row.demand).toEqual(LARGE);
      expect(it.world.engine.sandboxes.get(`${id}#${row.generation}`)?.spec.limits).toMatchObject({ cpu: LARGE.cpu, ram: LARGE.ram });
      await it.release(id);
    },
  },
  {
    name: "its sandbox is lost, and made anew on its home",
    async tell(it) {
      const id = await it.world.request();
      const row = await it.ready(id);
      it.write(row);
      await it.revive();
      await it.world.driver.destroy(row.handle as Parameters<typeof it.world.driver.destroy>[0], { grace: 0, keepHome: true });
      await it.until(async () => {
        const now = await it.world.repository.workspace(id);
        return now?.state === "ready" && now.generation > row.generation;
      });
      expect(it.read(await it.ready(id))).toBe(`of ${id}`);
      await it.release(id);
    },
  },
  {
    name: "cancelled while it starts",
    options: () => ({ pace: 2 }),
    async tell(it) {
      const id = await it.world.request();
      await it.state(id, "provisioning").catch(() => {});
      await it.release(id);
    },
  },
  {
    name: "five for four places",
    async tell(it) {
      const ids = await Promise.all([1, 2, 3, 4, 5].map(() => it.world.request()));
      // Asked for in the same moment they may change places when Guise comes back.
      const left = new Set(ids);
      while (left.size > 0) {
        let ready: string | undefined;
        await it.until(async () => {
          const rows = await it.world.repository.workspaces({ states: ["ready"] });
          ready = rows.find(({ id }) => left.has(id))?.id;
          return ready !== undefined;
        });
        if (ready === undefined) continue;
        await it.release(ready);
        left.delete(ready);
      }
    },
  },
  {
    name: "a version is checked before it is usable",
    async tell(it) {
      const version = await it.world.publishChecked([{ run: "true", expect: {} }]);
      it.world.builds.wake();
      await it.until(async () => {
        it.world.builds.wake();
        return (await it.world.repository.version("tester"))?.version === version;
      });
      expect((await it.world.repository.buildLog("tester", version)).at(-1)).toBe("check passed: true");
    },
  },
  {
    name: "everything is suspended for a stop of Guise, and goes on",
    async tell(it) {
      const id = await it.world.request();
      it.write(await it.ready(id));
      await it.revive();
      await it.world.stopInOrder();
      await it.revive();
      const row = await it.ready(id);
      expect(it.read(row)).toBe(`of ${id}`);
      await it.release(id);
    },
  },
];

const counts: { story: string; steps: number; killed: number }[] = [];

async function tellOnce(story: Story, mortal: Mortal): Promise<void> {
  const options = story.options?.() ?? {};
  const world = await LoopWorld.open({ ...options, mortal });
  const teller = new Teller(world, options, mortal);
  try {
    await story.tell(teller);
    await teller.until(() => world.nothingIsLeft());
    const rows = await world.repository.workspaces({});
    expect(rows.map(({ state }) => state).filter((state) => state !== "released")).toEqual([]);
  } finally {
    await world.close();
  }
}

describe("the kill matrix", () => {
  test.each(STORIES)("$name", { timeout: 300_000 }, async (story) => {
    const whole = new Mortal();
    await tellOnce(story, whole);
    const steps = whole.steps.length;
    let killed = 0;
    for (let at = 1; at <= steps; at++) {
      for (const when of ["before", "after"] satisfies When[]) {
        const mortal = new Mortal(at, when);
        await tellOnce(story, mortal).catch((error: unknown) => {
          throw new Error(`killed ${when} step ${at} (${mortal.steps[at - 1]}): ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        });
        if (mortal.dead) killed++;
      }
    }
    expect(killed).toBeGreaterThan(steps);
    counts.push({ story: story.name, steps, killed });
  });

  afterAll(() => {
    const total = counts.reduce((sum, { killed }) => sum + killed, 0);
    for (const { story, steps, killed } of counts)
      console.log(`${story.padEnd(62)} ${String(steps).padStart(3)} steps, killed ${killed} times`);
    console.log(`killed ${total} times in all; each story ended as it does without`);
  });
});
