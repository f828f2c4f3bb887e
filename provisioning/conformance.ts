import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver, Handle, SandboxSpec, StartReport } from "./driver.ts";
import { quietBuild } from "./quiet-build.ts";

/** What the suite needs of a driver's test: drivers on one engine, and a small workspace that it can run. */
export interface DriverWorld {
  readonly driver: Driver;
  /** Another driver on the same engine: Guise after a restart. */
  again(): Promise<Driver>;
  /** A spec of a new workspace, generation 1. */
  spec(over?: Partial<SandboxSpec>): SandboxSpec;
  close(): Promise<void>;
}

const END = { grace: 0, keepHome: false } as const;

/** The contract of `driver.ts`, for every driver; a third party's too. */
export function driverConformance(name: string, open: () => Promise<DriverWorld>): void {
  describe(`${name} keeps the driver contract`, () => {
    let world: DriverWorld;
    let driver: Driver;

    beforeAll(async () => {
      world = await open();
      driver = world.driver;
    });
    afterAll(() => world?.close());

    test("says what it can do, what it has, and what every sandbox costs", async () => {
      const { enforces, powers } = await driver.capabilities();
      expect(Object.values(enforces).every((value) => typeof value === "boolean")).toBe(true);
      expect(powers.includes("usage")).toBe(driver.usage !== undefined);
      expect(powers.includes("packages")).toBe(driver.packages !== undefined);
      const { here = [], standard } = (await driver.packages?.bases()) ?? {};
      expect(standard === undefined || here.includes(standard)).toBe(true);
      const nodes = await driver.capacity();
      expect(nodes.length).toBeGreaterThan(0);
      for (const amount of [...nodes.map(({ capacity }) => capacity), driver.overhead()])
        for (const value of Object.values(amount)) expect(Number.isSafeInteger(value)).toBe(true);
    });

    test("a start gives its handle before it ends, its phases with their times, and a channel that answers", async () => {
      const { report, seen } = recording();
      const { handle, channel } = await driver.start(world.spec(), report);
      expect(seen.handles).toEqual([handle]);
      expect(JSON.parse(JSON.stringify(handle))).toEqual(handle);
      expect(seen.finished.toSorted()).toEqual(["network", "sandbox", "storage"]);
      expect((await channel.run("true")).exit).toBe(0);
      expect(await driver.inspect(handle)).toEqual({ condition: "running" });
      expect(await sandboxes(driver, handle)).toBe(1);
      channel.close();
      const other = await driver.connect(handle);
      expect((await other.run("true")).exit).toBe(0);
      other.close();
      await driver.destroy(handle, END);
    });

    test("after destroy nothing is left; absent is success, again and again", async () => {
      const { handle, channel } = await driver.start(world.spec(), recording().report);
      await driver.destroy(handle, END);
      await channel.closed;
      expect(await driver.inspect(handle)).toEqual({ condition: "gone" });
      expect(await sandboxes(driver, handle)).toBe(0);
      await expect(driver.connect(handle)).rejects.toMatchObject({ code: "sandbox_gone" });
      await driver.destroy(handle, END);
      await driver.destroy({ ...handle, generation: 7, opaque: {} }, END);
    });

    test("a verb acts on one generation only", async () => {
      const spec = world.spec();
      const first = await driver.start(spec, recording().report);
      await driver.destroy(first.handle, { grace: 0, keepHome: true });
      const second = await driver.start({ ...spec, generation: 2, engineName: `${spec.engineName}b` }, recording().report);
      await driver.destroy(first.handle, { grace: 0, keepHome: true });
      expect(await driver.inspect(second.handle)).toEqual({ condition: "running" });
      await driver.destroy(second.handle, END);
    });

    test("a start that is called off rejects as cancelled, and leaves nothing", async () => {
      const abort = new AbortController();
      const { report } = recording(() => abort.abort(new Error("called off")));
      const spec = world.spec();
      await expect(driver.start(spec, report, abort.signal)).rejects.toThrow();
      expect((await driver.listOwned()).filter(({ workspace, role }) => workspace === spec.workspace && role === "sandbox")).toEqual([]);
    });

    test("another driver takes a sandbox over, and sweeps what is not named to it", async () => {
      const kept = await driver.start(world.spec(), recording().report);
      const successor = await world.again();
      expect(await successor.recover(kept.handle)).toEqual({ condition: "running" });
      successor.recovered([kept.handle], new Set([kept.handle.home]));
      expect(await successor.inspect(kept.handle)).toEqual({ condition: "running" });
      await successor.destroy(kept.handle, END);
      expect(await sandboxes(successor, kept.handle)).toBe(0);
      await successor.close();
    });

    test("a home that is kept serves the next workspace, grown where more is promised, and is removed only when nobody has it", async () => {
      const first = world.spec();
      const one = await driver.start(first, recording().report);
      await one.channel.writeFile("/home/user/precious", Buffer.from("kept"), 0o600);
      await driver.destroy(one.handle, { grace: 0, keepHome: true });
      expect(await stateOf(driver, first.home)).toBe("idle");
      const second = world.spec({ home: first.home, storage: first.storage * 2 });
      const two = await driver.start(second, recording().report);
      expect(String(await two.channel.readFile("/home/user/precious", 100))).toBe("kept");
      expect((await driver.homes()).find(({ home }) => home === first.home)).toMatchObject({ state: "attached", promised: second.storage });
      // Whoever ends the first workspace once more must not touch what is the second's by now.
      await driver.destroy(one.handle, { grace: 0, keepHome: false });
      expect(String(await two.channel.readFile("/home/user/precious", 100))).toBe("kept");
      await expect(driver.removeHome(first.home)).rejects.toMatchObject({ code: "storage_failed" });
      await expect(driver.exportHome(first.home)).rejects.toMatchObject({ code: "storage_failed" });
      await driver.destroy(two.handle, { grace: 0, keepHome: true });
      expect((await buffer(await driver.exportHome(first.home))).length).toBeGreaterThan(0);
      await driver.removeHome(first.home);
      await expect(driver.exportHome(first.home)).rejects.toMatchObject({ code: "home_missing" });
      await driver.removeHome(first.home);
      expect(await stateOf(driver, first.home)).toBeUndefined();
    });

    test("limits are changed while it runs, as the driver says that it can", async () => {
      const { powers } = await driver.capabilities();
      expect(powers.includes("resize")).toBe(driver.resizing !== undefined);
      if (driver.resizing === undefined) return;
      const spec = world.spec();
      const { handle, channel } = await driver.start(spec, recording().report);
      const { limits, bandwidth } = spec;
      const more = { cpu: limits.cpu * 2, ram: limits.ram * 2, ingress: bandwidth.ingress * 2, egress: bandwidth.egress * 2 };
      for (let i = 0; i < 2; i++) await driver.resizing.resize(handle, more);
      expect((await channel.run("true")).exit).toBe(0);
      expect(await driver.inspect(handle)).toEqual({ condition: "running" });
      await driver.destroy(handle, END);
      await expect(driver.resizing.resize(handle, more)).rejects.toMatchObject({ code: "sandbox_gone" });
    });

    test("its network rules are changed while it runs, as the driver says that it can", async () => {
      const { powers } = await driver.capabilities();
      expect(powers.includes("rewire")).toBe(driver.network !== undefined);
      if (driver.network === undefined) return;
      const { handle, channel } = await driver.start(world.spec(), recording().report);
      const rules = { allow: [{ cidr: "192.31.196.7/32", protocol: "tcp", port: 443 }], openedRanges: [] } as const;
      for (let i = 0; i < 2; i++) await driver.network.rewire(handle, rules);
      await driver.network.rewire(handle, { allow: [], openedRanges: [] });
      expect((await channel.run("true")).exit).toBe(0);
      expect(await driver.inspect(handle)).toEqual({ condition: "running" });
      await driver.destroy(handle, END);
      await expect(driver.network.rewire(handle, rules)).rejects.toMatchObject({ code: "sandbox_gone" });
    });

    test("a home that nobody owns is put into quarantine, and removed only when told", async () => {
      const { handle } = await driver.start(world.spec(), recording().report);
      await driver.destroy(handle, { grace: 0, keepHome: true });
      const successor = await world.again();
      successor.recovered([], new Set());
      await expect.poll(() => stateOf(successor, handle.home), { timeout: 10_000 }).toBe("quarantined");
      await successor.removeHome(handle.home);
      expect(await stateOf(successor, handle.home)).toBeUndefined();
      await successor.close();
    });

    test("images are listed with what they take and stand on, and removed only when nobody needs them", async () => {
      const plan = { layers: [], packageEpoch: "conformance, to be removed" };
      const built = await driver.ensureImage(plan, quietBuild);
      const listed = async () => (await driver.images()).find(({ reference }) => reference === built.reference);
      expect(await listed()).toMatchObject({ kind: "image", inUse: false });
      for (const { bytes, madeAt } of await driver.images()) {
        expect(Number.isSafeInteger(bytes) && bytes >= 0).toBe(true);
        expect(Number.isSafeInteger(madeAt)).toBe(true);
      }
      const { handle, channel } = await driver.start(world.spec({ image: built.reference }), recording().report);
      channel.close();
      expect(await listed()).toMatchObject({ inUse: true });
      await expect(driver.removeImage(built.reference)).rejects.toMatchObject({ code: "image_in_use" });
      await driver.destroy(handle, END);
      for (let i = 0; i < 2; i++) await driver.removeImage(built.reference);
      expect(await listed()).toBeUndefined();
      expect(await driver.findImage(plan)).toBeUndefined();
      await expect(driver.start(world.spec({ image: built.reference }), recording().report)).rejects.toMatchObject({
        code: "image_missing",
      });
    });

    test("an image that was never built is not found", async () => {
      const plan = {
        layers: [{ application: "apt:none", manager: "apt" as const, packages: ["guise-has-no-such-package"] }],
        packageEpoch: "conformance",
      };
      expect(await driver.findImage(plan)).toBeUndefined();
    });
  });
}

async function stateOf(driver: Driver, name: string) {
  return (await driver.homes()).find(({ home }) => home === name)?.state;
}

async function sandboxes(driver: Driver, { workspace }: Handle): Promise<number> {
  const generations = (await driver.listOwned())
    .filter((owned) => owned.workspace === workspace && owned.role === "sandbox")
    .map(({ generation }) => generation);
  return new Set(generations).size;
}

function recording(onPhase: () => void = () => {}) {
  const seen = { handles: [] as Handle[], finished: [] as string[] };
  const report: StartReport = {
    phaseStarted: onPhase,
    phaseFinished: (phase) => void seen.finished.push(phase),
    handle: async (handle) => void seen.handles.push(handle),
  };
  return { report, seen };
}
