import { expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { type ImagePlan, type ImageReport, ProvisioningError } from "#provisioning";
import { type BuildUpdate, RepositoryError } from "#repository";
import { Builds } from "./builds.ts";

const turns = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

/** Two versions to build: one of one package, one of two. */
function world(
  ensureImage: (packages: readonly string[], report: ImageReport, signal?: AbortSignal) => Promise<unknown>,
  setBuild: (persona: string, build: BuildUpdate) => Promise<void> = async () => {},
  unfitWith: (version: { readonly persona: string }) => string | undefined = () => undefined,
) {
  const clock = new ManualClock();
  const waiting = new Map([
    ["small", ["one"]],
    ["big", ["two", "three"]],
  ]);
  const sources = { lost: false };
  const repository = {
    versionsInState: async () => [...waiting.keys()].map((persona) => ({ persona, version: 1, publishedAt: 0, state: "building" })),
    drafts: async () => [],
    refreshing: async () => [],
    versions: async () => [],
    packageSources: async () => {
      if (sources.lost) throw new RepositoryError("database_full", "no room");
      return [];
    },
    appendBuildLog: async () => {},
    async setBuild(persona: string, _version: number, build: BuildUpdate) {
      await setBuild(persona, build);
      if (build.state !== undefined) waiting.delete(persona);
    },
  };
  const builds = new Builds({
    repository: repository as never,
    driver: {
      ensureImage: (plan: ImagePlan, report: ImageReport, signal: AbortSignal) =>
        ensureImage(
          plan.layers.flatMap(({ packages }) => packages),
          report,
          signal,
        ),
    } as never,
    clock,
    log: silentLog,
    packageEpoch: "1",
    built: () => {},
    unfitWith,
    imageOf: ({ persona }) => ({ layers: [{ application: persona, manager: "apt", packages: waiting.get(persona) ?? [] }] }),
  });
  return { builds, clock, waiting, sources };
}

const IMAGE = { reference: "r", bytes: 0, launchables: [], contents: [] };

test("a mirror that does not answer holds up neither the others, nor is it asked at every request", async () => {
  const tried: string[] = [];
  let back = false;
  const { builds, clock, waiting } = world(async ([first = ""]) => {
    tried.push(first);
    if (first === "one" && !back) throw new ProvisioningError("mirror_unreachable", "the mirror does not answer");
    return IMAGE;
  });
  for (let i = 0; i < 20; i++) {
    builds.wake();
    await turns();
  }
  expect(tried).toEqual(["one", "two"]);
  back = true;
  clock.advance(20_000);
  await turns();
  expect([tried, [...waiting.keys()]]).toEqual([["one", "two", "one"], []]);
  await builds.stop();
});

test("a store that is full does not end building", async () => {
  let full = true;
  const { builds, clock, waiting } = world(
    async () => IMAGE,
    async () => {
      if (full) throw new RepositoryError("database_full", "no room");
    },
  );
  builds.wake();
  await turns();
  full = false;
  clock.advance(20_000);
  await turns();
  expect([...waiting.keys()]).toEqual([]);
  await builds.stop();
});

test("a store that does not say where packages come from is no fault of a version", async () => {
  const ended: BuildUpdate[] = [];
  const { builds, clock, sources } = world(
    async () => IMAGE,
    async (_persona, build) => void (build.state !== undefined && ended.push(build)),
  );
  sources.lost = true;
  builds.wake();
  await turns();
  expect(ended).toEqual([]);
  sources.lost = false;
  clock.advance(20_000);
  await turns();
  expect(ended.map(({ state }) => state)).toEqual(["usable", "usable"]);
  await builds.stop();
});

test("of what a build took, its downloads are told apart, of one that failed too", async () => {
  const ended: BuildUpdate[] = [];
  const { builds, clock } = world(
    async ([first = ""], report) => {
      for (const took of [300, 200]) {
        clock.advance(1_000);
        report.downloaded(took);
      }
      if (first === "two") throw new ProvisioningError("image_build_failed", "no such package");
      return IMAGE;
    },
    async (_persona, build) => void (build.state !== undefined && ended.push(build)),
  );
  builds.wake();
  await turns();
  const times = { took: 2_000, downloading: 500 };
  expect(ended).toMatchObject([
    { state: "usable", ...times },
    { state: "build_failed", ...times },
  ]);
  await builds.stop();
});

test("once it is known what is missing, a build says how long it takes still, by how it goes", async () => {
  const said: (string | undefined)[] = [];
  const { builds, clock } = world(async (_, report) => {
    const at = (message: string, percent: number | undefined) => {
      report.progress(message, percent);
      said.push(builds.current()?.message);
    };
    at("resolving", 10);
    report.expects(90_000);
    at("fetching", 10);
    clock.advance(60_000);
    at("half", 55);
    at("looking", undefined);
    return IMAGE;
  });
  builds.wake();
  await turns();
  expect(said.slice(0, 4)).toEqual(["resolving", "fetching, about 2 min left", "half, about 55 s left", "looking"]);
  await builds.stop();
});

test("an image that does not have what is launched ends its build with the place", async () => {
  const ended: BuildUpdate[] = [];
  const { builds, waiting } = world(
    async () => IMAGE,
    async (_, build) => void ended.push(build),
    ({ persona }) => (persona === "small" ? '$.launch[0]: no program of the image is called "writer"' : undefined),
  );
  builds.wake();
  await turns();
  expect(ended.filter(({ state }) => state !== undefined)).toMatchObject([
    { state: "build_failed", message: expect.stringContaining("$.launch[0]") },
    { state: "usable" },
  ]);
  expect([...waiting.keys()]).toEqual([]);
  await builds.stop();
});

test("what is published while the list of builds is read is built", async () => {
  const { builds, waiting } = world(async () => IMAGE);
  waiting.clear();
  builds.wake();
  waiting.set("late", ["four"]);
  builds.wake();
  await turns();
  expect([...waiting.keys()]).toEqual([]);
  await builds.stop();
});

test("who waits says behind what, also who comes while something is built, and nothing of it once its turn has come", async () => {
  const said = new Map<string, string | undefined>();
  const gate = Promise.withResolvers<void>();
  const { builds, waiting } = world(
    async () => {
      await gate.promise;
      return IMAGE;
    },
    async (persona, { message }) => void said.set(persona, message),
  );
  builds.wake();
  await turns();
  waiting.set("vast", ["four", "five", "six"]);
  builds.wake();
  await turns();
  expect([...said]).toEqual([
    ["big", "waits for its turn: small version 1 is being built, it is next"],
    ["vast", "waits for its turn: small version 1 is being built, 1 more is ahead of it"],
  ]);
  gate.resolve();
  await turns();
  await turns();
  expect([...said.values()]).toEqual(["built", "built", "built"]);
  await builds.stop();
});

test("what nobody wants any more keeps nobody waiting, and nothing is said of it", async () => {
  const ended: string[] = [];
  const { builds, waiting } = world(
    async ([first = ""], _report, signal) => {
      if (first === "one") await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      return IMAGE;
    },
    async (persona, { state }) => void (state !== undefined && ended.push(`${persona} ${state}`)),
  );
  builds.wake();
  await turns();
  waiting.delete("small");
  builds.wake();
  await turns();
  await turns();
  expect(ended).toEqual(["big usable"]);
  await builds.stop();
});
