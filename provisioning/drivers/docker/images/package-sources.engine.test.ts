import type { PackageSource, SourceLogin } from "@guise/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, type ImagePlan, quietBuild } from "#provisioning";
import type { ImageStore } from "./image-store.ts";
import { type ImageWorld, openImageWorld } from "./image-world.fixture.ts";
import { APT_LOGIN, NPM_LOGIN, PIP_LOGIN, type PrivateRegistry, privateRegistry, SECRET } from "./private-registry.fixture.ts";

/**
 * Packages from a company's own apt repository, Python index and npm registry, each behind a login, on a real engine.
 * Slow: images are built from all three, one of them with a package that is there as source only.
 */

let world: ImageWorld;
let registry: PrivateRegistry;
let store: ImageStore;
let logins: Map<string, SourceLogin>;
const said: string[] = [];
const report = { ...quietBuild, progress: (message: string) => void said.push(message), log: (line: string) => void said.push(line) };

beforeAll(async () => {
  registry = await privateRegistry();
  world = await openImageWorld("private");
  // What lies before the mirrors in tests does not lie before a company's own server.
  store = world.open({ no_proxy: new URL(registry.url).hostname }, { authorities: [registry.authority], loginsOf: async () => logins });
});
afterAll(async () => {
  await store?.close();
  await world?.close();
  await registry?.close();
});

const NONE = { groups: ["*"], files: [], suites: [], components: [], scopes: [] };
function sources(): readonly PackageSource[] {
  logins = new Map<string, SourceLogin>([
    ["acme-apt", APT_LOGIN],
    ["acme-pip", PIP_LOGIN],
    ["acme-npm", NPM_LOGIN],
  ]);
  const { url, key } = registry;
  return [
    { ...NONE, source: "acme-apt", manager: "apt", url: `${url}/debian`, suites: ["stable", "trixie-only"], components: ["main"], key },
    { ...NONE, source: "acme-pip", manager: "pip", url: `${url}/simple/` },
    { ...NONE, source: "acme-npm", manager: "npm", url: `${url}/npm`, scopes: ["@acme"] },
  ];
}

const own = (text: string): ImageLayer => {
  const [, manager = "", name = ""] = /^(\w+):(.*)$/.exec(text) ?? [];
  return { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
};
const plan = (from: readonly PackageSource[], ...packages: readonly string[]): ImagePlan => {
  return { layers: packages.map(own), packageEpoch: "1", sources: from };
};

test("packages of all three are found, built and work, and what opens them is left nowhere", async () => {
  const wanted = plan(sources(), "apt:acme-ping", "pip:acme-tools", "pip:acme-source", "pip:docopt", "pipx:acme-tools", "npm:@acme/hello");
  expect(await store.examine(wanted)).toEqual({ missing: [], unresolved: undefined });
  const image = await store.ensureImage(wanted, report);
  const script = `acme-ping; /opt/guise/python/bin/acme-tools; /usr/local/bin/acme-tools; acme-hello
    python3 -c 'import acme_source, docopt; print(acme_source.says); print(docopt.__version__)'`;
  // The company's own docopt, although the public index has one: nobody outside can slip one in.
  expect(await world.saidIn(image.reference, script)).toEqual([
    ...["pong of Acme", "tools of Acme", "tools of Acme", "hello of Acme", "source of Acme", "of Acme"],
  ]);
  const answers = await registry.asked();
  expect(answers.filter((line) => line.endsWith(" 200")).map((line) => line.split(" ")[1])).toEqual(
    expect.arrayContaining([
      "/debian/dists/stable/InRelease",
      "/files/acme_tools-1.0-py3-none-any.whl",
      "/files/acme_source-1.0.tar.gz",
      "/npm/hello-1.0.0.tgz",
    ]),
  );
  expect(answers.join("\n")).not.toContain("trixie-only");
  expect(JSON.stringify([said, image])).not.toContain(SECRET);
  expect(await secretIn(image.reference)).toEqual([]);
});

test("a package that no source and no mirror has is told", async () => {
  const wanted = plan(sources(), "apt:acme-pong", "pip:acme-nothing", "npm:@acme/nothing", "pip:acme-tools");
  expect((await store.examine(wanted)).missing.map(({ manager, argument, nearest }) => [manager, argument, nearest])).toEqual([
    ["apt", "acme-pong", "acme-ping"],
    ["pip", "acme-nothing", undefined],
    ["npm", "@acme/nothing", undefined],
  ]);
});

test("without a source nothing of it is there, and an image of others is no image of it", async () => {
  const wanted = plan([], "apt:acme-ping");
  expect((await store.examine(wanted)).missing.map(({ argument }) => argument)).toEqual(["acme-ping"]);
  expect(
    await store.findImage(
      plan([], "apt:acme-ping", "pip:acme-tools", "pip:acme-source", "pip:docopt", "pipx:acme-tools", "npm:@acme/hello"),
    ),
  ).toBeUndefined();
  await expect(store.ensureImage(wanted, quietBuild)).rejects.toThrow("no package mirror has apt:acme-ping");
});

test.each([
  ["apt", "apt:acme-ping", "acme-apt", { username: "acme", password: `${SECRET}-wrong` }],
  ["pip", "pip:acme-tools", "acme-pip", { username: "acme", password: `${SECRET}-wrong` }],
  ["npm", "npm:@acme/hello", "acme-npm", { token: `${SECRET}-wrong` }],
] as const)("a login of %s that does not hold is told with the source, and nothing is built", async (_manager, name, source, login) => {
  const wanted = plan(sources(), name, "apt:jq");
  logins.set(source, login);
  const asked = await store.examine(wanted).catch((error: Error) => error.message);
  expect(asked).toContain(source);
  const failure = await store.ensureImage({ ...wanted, packageEpoch: `wrong ${name}` }, report).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: "image_build_failed", message: expect.stringContaining(source) });
  expect(`${asked} ${String(failure)} ${JSON.stringify(said)}`).not.toContain(SECRET);
});

test("lists that another key signed are not taken", async () => {
  const [apt, ...others] = sources();
  const wanted = plan([{ ...(apt as PackageSource), key: registry.otherKey }, ...others], "apt:acme-ping");
  await expect(store.examine(wanted)).rejects.toThrow("acme-apt");
  await expect(store.ensureImage(wanted, report)).rejects.toThrow("acme-apt");
});

/** Where in the image, its history, its settings and the engine's own state anything that is secret is said. */
async function secretIn(reference: string): Promise<readonly string[]> {
  const inspected = await world.client.getImage(reference).inspect();
  const history = await world.client.getImage(reference).history();
  const places = JSON.stringify([inspected, history]).includes(SECRET) ? ["inspect"] : [];
  const encoded = [SECRET, encodeURIComponent(SECRET), Buffer.from(`acme:${SECRET}`).toString("base64").slice(0, 20)];
  const found = await world.saidIn(
    reference,
    `grep -rlaF ${encoded.map((text) => `-e '${text}'`).join(" ")} / --exclude-dir=proc --exclude-dir=sys 2>/dev/null || :`,
  );
  return [...places, ...found];
}
