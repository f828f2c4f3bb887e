import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import { type ImageLayer, ProvisioningError, quietBuild } from "#provisioning";
import { ImageBuilder } from "./image-builder.ts";
import { ANSWERS, MIRRORS, ScriptedSite } from "./scripted-site.fixture.ts";

const DIGEST = "0123456789abcdef".repeat(4);
const pip: ImageLayer = { application: "pip:polars", manager: "pip", packages: ["polars"] };
const jq: ImageLayer = { application: "apt:jq", manager: "apt", packages: ["jq"] };
const plan = (...layers: ImageLayer[]) => ({ layers, packageEpoch: "1" });
const resolved = (version: string) => [`package\tpolars\t${version}\t5`, `hash\tpolars\t${DIGEST}`];
const times = (script: string) => site.ran.filter((one) => one === script).length;

let inside: string;
let site: ScriptedSite;
let builder: ImageBuilder;
let mirrors = MIRRORS;
beforeAll(async () => {
  inside = await mkdtemp(join(tmpdir(), "guise-inside-"));
  for (const root of ["guard", "main"]) await mkdir(join(inside, root));
  await writeFile(join(inside, "main", "launch"), "#!/bin/sh\n");
});
afterAll(() => rm(inside, { recursive: true }));
beforeEach(() => {
  mirrors = MIRRORS;
  site = new ScriptedSite();
  builder = new ImageBuilder({
    site,
    clock: new ManualClock(),
    log: silentLog,
    mirrors: async () => mirrors,
    inside,
    authorities: [],
    sources: true,
    loginsOf: async () => new Map(),
  });
});

test("Python's packages are resolved once for all layers, and what is there needs no resolving", async () => {
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  const built = await builder.ensureImage(plan(pip, jq), quietBuild);
  expect([times("resolve"), times("fetch"), times("install")]).toEqual([1, 3, 3]);
  expect(await builder.findImage(plan(pip, jq))).toEqual(built);
  expect(await builder.ensureImage(plan(pip, jq), quietBuild)).toEqual(built);
  expect([times("resolve"), site.boxes]).toEqual([1, 0]);
  // Another persona with the same: its layers are there, only its own are made.
  const before = times("fetch");
  await builder.ensureImage(plan({ ...pip, packages: ["polars>=1"] }, jq), quietBuild);
  expect([times("resolve"), times("fetch") - before]).toEqual([2, 0]);
});

test("one package more is one layer more, and it alone is tried", async () => {
  const packages = (...names: string[]) => names.flatMap((name) => [`package\t${name}\t1.0\t5`, `hash\t${name}\t${DIGEST}`]);
  let wanted = packages("polars");
  const sought: string[] = [];
  site.words = (script, input) => {
    if (script === "resolve") return { says: wanted };
    if (script === "find") sought.push(fileOf(input, "named"));
    return undefined;
  };
  const expected: number[] = [];
  const report = { ...quietBuild, expects: (milliseconds: number) => void expected.push(milliseconds) };
  await builder.ensureImage(plan(pip, jq), report);
  const fetched = times("fetch");
  wanted = packages("polars", "humanize");
  const humanize: ImageLayer = { application: "pip:humanize", manager: "pip", packages: ["humanize"] };
  const { reference } = await builder.ensureImage(plan(pip, jq, humanize), report);
  expect(expected).toEqual([expect.any(Number), expect.any(Number)]);
  expect(expected[1]).toBeLessThan(expected[0] ?? 0);
  expect([times("fetch") - fetched, sought]).toEqual([1, ["python\tpolars\n", "python\thumanize\n"]]);
  // Found by its plan, however it came about; and what it grew from is held while it grows.
  expect((await builder.findImage(plan(pip, jq, humanize)))?.reference).toBe(reference);
  const held = new Set(site.held.flat().map((address) => site.referenceOf(address)));
  for (const kept of site.kept.keys()) expect(held).toContain(kept);
  await builder.close();
  expect(site.boxes).toBe(0);
});

test("the percentage never falls, from the first layer over the resolving to the last", async () => {
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  const percents: number[] = [];
  const progress = (_: string, percent: number | undefined) => void (percent !== undefined && percents.push(percent));
  await builder.ensureImage(plan(pip, jq), { ...quietBuild, progress });
  expect(percents.length).toBeGreaterThan(5);
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
});

test("what is being built is held from the beginning to its being found", async () => {
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  const { reference } = await builder.ensureImage(plan(pip), quietBuild);
  expect(site.held[0]?.map((address) => site.referenceOf(address))).toEqual([reference]);
  expect(new Set(site.held.flat().map((address) => site.referenceOf(address)))).toEqual(new Set(site.kept.keys()));
});

test("a clash is told as it is, once; what nobody has is asked for of every manager", async () => {
  const clash = "Because you require polars==1 and polars==2, we can conclude that your requirements are unsatisfiable.";
  site.words = (script) => (script === "resolve" ? { says: ["refused", clash] } : undefined);
  await expect(builder.ensureImage(plan(pip), quietBuild)).rejects.toMatchObject({ detail: { unresolved: { kind: "clash" } } });
  expect([times("resolve"), times("examine"), site.boxes]).toEqual([1, 0, 0]);
  site.words = (script) => {
    if (script === "resolve") return { says: ["refused", "Because polars was not found in the package registry and you require polars"] };
    if (script === "probe") return { says: [ANSWERS] };
    return script === "examine" ? { says: ["pip\tmissing\tpolars"] } : undefined;
  };
  await expect(builder.ensureImage(plan(pip), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: "no package mirror has pip:polars",
  });
  await builder.close();
  expect(site.boxes).toBe(0);
});

test("a resolution that could not ask is no answer: it is tried once more", async () => {
  let asked = 0;
  site.words = (script) => {
    // While it is asked why: the mirror itself answers.
    if (script === "probe" && asked === 1) return { says: [ANSWERS] };
    if (script !== "resolve") return undefined;
    asked++;
    return asked === 1 ? { says: ["error: Failed to fetch: http://pip.example/simple/polars/"], exit: 1 } : { says: resolved("1.0") };
  };
  await builder.ensureImage(plan(pip), quietBuild);
  await builder.close();
  expect([asked, site.boxes]).toEqual([2, 0]);
});

const words = (...lines: readonly string[]) => Buffer.from(lines.join("\n")).toString("hex");
const NO_LIBRARY = words("Traceback (most recent call last):", "ImportError: libGL.so.1: cannot open shared object file: No such file");
const NO_MODULE = words("Traceback (most recent call last):", "ModuleNotFoundError: No module named 'frob'");

/** A file that a script writes. */
function fileOf(input: string, name: string): string {
  return atob((new RegExp(`/${name} <<'GUISE'\\n([A-Za-z0-9+/=\\n]*)GUISE`).exec(input)?.[1] ?? "").replaceAll("\n", ""));
}

test("a named package that cannot be imported, and its program that cannot be started, fail the build; asked thrice, it starts", async () => {
  const tries: string[] = [];
  let starts = 0;
  site.words = (script, input) => {
    if (script === "resolve") return { says: resolved("1.0") };
    if (script === "list") return { says: ["program\tpolars\t/opt/guise/python/bin/polars"] };
    if (script === "find") return { says: ["program\t0\t/opt/guise/python/bin/polars", "module\t0\tpolars"] };
    if (script !== "try") return undefined;
    tries.push(input);
    const number = tries.length === 1 ? 1 : 0;
    const imported = tries.length === 1 ? [`said\t0\t${NO_MODULE}`, "ended\t0\t1"] : [];
    return { says: [...imported, `said\t${number}\t${NO_MODULE}`, `ended\t${number}\t${++starts > 2 ? 0 : 1}`] };
  };
  await expect(builder.ensureImage(plan(pip), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: "polars cannot be imported: the Python module frob is not there; pip:frob may bring it",
    detail: { failed: [{ what: "polars", cannot: "be imported", package: "pip:polars", kind: "python_module", name: "frob" }] },
  });
  const asked = tries.map((input) => fileOf(input, "trials"));
  expect(asked.map((list) => list.trim().split("\n").at(-1)?.split("\t").slice(2))).toEqual(
    [["--version"], ["--help"], []].map((said) => ["/opt/guise/python/bin/polars", ...said]),
  );
  expect(site.boxes).toBe(0);
});

test("what cannot be loaded fails the build, with the library and what brings it; the box of the trial goes", async () => {
  site.words = (script) => {
    if (script === "resolve") return { says: resolved("1.0") };
    if (script === "find") return { says: ["lacks\tuwsgi\tlibpython3.11.so.1.0", "suspect\tpython\tcv2"] };
    if (script === "try") return { says: [`said\t0\t${NO_LIBRARY}`, "ended\t0\t1"] };
    return script === "lacking" ? { says: ["lacks\tcv2\tlibGL.so.1", "lacks\tcv2\tlibxcb.so.1"] } : undefined;
  };
  await expect(builder.ensureImage(plan(pip), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message:
      "uwsgi cannot start: libpython3.11.so.1.0 is not there; cv2 cannot start: libGL.so.1 and libxcb.so.1 are not there; apt:libpython3.11, apt:libgl1 and apt:libxcb1 bring them",
  });
  expect(site.boxes).toBe(0);
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  await builder.ensureImage(plan(pip), quietBuild);
  expect(times("find")).toBe(2);
});

test("what was built before stays as it is, and gets only newer files of Guise", async () => {
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  const before = await builder.ensureImage(plan(pip), quietBuild);
  await writeFile(join(inside, "main", "launch"), "#!/bin/sh\n# newer\n");
  const recorded = { ...plan(pip), recorded: before.reference };
  expect(await builder.findImage(recorded)).toBeUndefined();
  const boxes = site.ran.length;
  const after = await builder.ensureImage(recorded, quietBuild);
  expect(after).toMatchObject({ launchables: before.launchables, contents: before.contents });
  expect(site.ran.slice(boxes)).toEqual(["-s"]);
  expect([times("resolve"), site.boxes]).toEqual([1, 0]);
  expect(await builder.findImage(recorded)).toEqual(after);
  // Without it the plan is built anew.
  site.kept.delete(before.reference);
  site.kept.delete(after.reference);
  await builder.ensureImage(recorded, quietBuild);
  expect(times("resolve")).toBe(2);
});

test("a name that is an option reaches no box", async () => {
  await expect(builder.ensureImage(plan({ ...pip, packages: ["--index-url=x"] }), quietBuild)).rejects.toBeInstanceOf(ProvisioningError);
  expect(site.ran).toEqual([]);
});

test("where something opens a mirror, it is in no box that stands on a package's layer", async () => {
  mirrors = { ...MIRRORS, pipIndex: "https://me:s3cret@pip.example/simple", npmRegistry: "https://me:s3cret@npm.example" };
  const inputs: { readonly parent: string; readonly text: string; readonly open: boolean }[] = [];
  site.words = (script) => (script === "resolve" ? { says: resolved("1.0") } : undefined);
  const openBox = site.open.bind(site);
  site.open = async (parent, open) => {
    const box = await openBox(parent, open);
    return {
      ...box,
      exec: async (args, options) => {
        inputs.push({ parent, text: typeof options.input === "string" ? options.input : "", open: (open?.allow.length ?? 0) > 0 });
        return box.exec(args, options);
      },
    };
  };
  const npm: ImageLayer = { application: "npm:vite", manager: "npm", packages: ["vite"] };
  await builder.ensureImage(plan(pip, jq, npm), quietBuild);
  const told = inputs.filter(({ text }) =>
    [...text.matchAll(/<<'GUISE'\n([^']*)GUISE/g)].some(([, body = ""]) => Buffer.from(body, "base64").includes("s3cret")),
  );
  expect(told.length).toBeGreaterThan(3);
  // The base, Python's layer and Node's: no package of the persona is below them.
  const clean = new Set(told.map(({ parent }) => parent));
  expect(clean.size).toBeLessThanOrEqual(3);
  expect(inputs.filter(({ parent, open }) => open && !clean.has(parent))).toEqual([]);
  expect(site.boxes).toBe(0);
});

test("a program that stands alone and has no wheel is resolved once more, of its source", async () => {
  let fetched = 0;
  site.words = (script) => {
    if (script === "resolve") return { says: resolved("1.0") };
    // The mirrors answer while it is asked why the second fetch failed.
    if (script === "probe") return fetched === 2 && site.ran.at(-2) === "fetch" ? { says: [ANSWERS] } : undefined;
    if (script !== "fetch" || ++fetched !== 2) return undefined;
    return { says: ["polars has no wheels with a matching Python version tag"], exit: 1 };
  };
  await builder.ensureImage(plan({ application: "pipx:polars", manager: "pipx", packages: ["polars"] }), quietBuild);
  expect([times("resolve"), times("fetch"), times("install"), times("examine"), site.boxes]).toEqual([1, 3, 2, 0, 0]);
});
