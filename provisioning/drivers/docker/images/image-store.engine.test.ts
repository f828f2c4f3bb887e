import { execFileSync } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, type ImageReport, quietBuild } from "#provisioning";
import type { EngineClient } from "../client.ts";
import { startGuard } from "../guard.ts";
import { LABELS } from "../labels.ts";
import { BuildContainer } from "./build/build-container.ts";
import { companyAuthority, serveCompany } from "./company-authority.fixture.ts";
import { hostileRegistry, steal } from "./hostile-registry.fixture.ts";
import type { ImageStore } from "./image-store.ts";
import { type ImageWorld, openImageWorld, WORK } from "./image-world.fixture.ts";

/**
 * Images built, shared, checked and attacked, on a real engine.
 * Slow: some twenty images are built, each in a pair of containers with a network of its own.
 */

let world: ImageWorld;
let client: EngineClient;
let store: ImageStore;

const jq: ImageLayer = { application: "jq", manager: "apt", packages: ["jq"] };
const csvkit: ImageLayer = { application: "csvkit", manager: "pip", packages: ["csvkit"] };
const prettier: ImageLayer = { application: "prettier", manager: "npm", packages: ["prettier"] };
const plan = (...layers: readonly ImageLayer[]) => ({ layers, packageEpoch: "1" });
const containers = () => world.containers();
/** But for the box of the package index, which stays for the next question. */
async function expectNothingLeft(): Promise<void> {
  await store.close();
  expect(await containers()).toEqual([]);
}

beforeAll(async () => {
  world = await openImageWorld("images");
  ({ client, store } = world);
});

afterAll(() => world?.close());

test("packages of apt, pip and npm are installed, found again, and leave no container behind", async () => {
  // What the base images were made in is gone.
  expect(await readdir(WORK).catch(() => [])).toEqual([]);
  const percents: number[] = [];
  const downloads: number[] = [];
  const report: ImageReport = {
    ...quietBuild,
    progress: (_, percent) => void (percent !== undefined && percents.push(percent)),
    downloaded: (took) => void downloads.push(took),
  };
  const all = plan(jq, csvkit, prettier);
  expect(await store.findImage(all)).toBeUndefined();
  const [built, joined] = await Promise.all([store.ensureImage(all, report), store.ensureImage(all, quietBuild)]);
  expect(joined).toEqual(built);
  expect(await world.open().findImage(all)).toEqual(built);
  const brought = Object.fromEntries(built.launchables.map(({ command, broughtBy }) => [command[0], broughtBy]));
  expect(brought).toMatchObject({
    "/usr/bin/jq": "apt:jq",
    "/opt/guise/python/bin/csvcut": "pip:csvkit",
    "/usr/local/bin/prettier": "npm:prettier",
  });
  expect(built.contents.map(({ manager, name }) => `${manager} ${name}`)).toEqual(
    expect.arrayContaining(["apt openssh-server", "pip csvkit", "npm prettier"]),
  );
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  // At least one for each manager.
  expect(downloads.filter((took) => took > 0).length).toBeGreaterThanOrEqual(3);
  expect(await containers()).toEqual([]);
});

const own = (manager: ImageLayer["manager"], name: string): ImageLayer => ({
  application: `${manager}:${name}`,
  manager,
  packages: [name],
});

const met = {
  ...plan(
    ...[csvkit, own("pip", "humanize"), own("pip", "requests"), own("pipx", "pycowsay"), own("npm", "left-pad")],
    ...["python3-dotenv", "curl", "git"].map((name) => own("apt", name)),
  ),
  preferred: [
    { name: "humanize", version: "4.9.0" },
    // What is not to be had, fits nobody or is no version is no reason to fail.
    ...["0.0.1", '1"\n[[packages]]'].map((version) => ({ name: "requests", version })),
  ],
};

test("packages meet: one Python environment with the distribution's modules, one Node prefix; what stands alone does not", async () => {
  const { reference, launchables, contents } = await store.ensureImage(met, quietBuild);
  const script = `cd /tmp
    python3 -c 'import csvkit, humanize, dotenv; print("python3 sees all")'
    pip list 2>/dev/null | grep -Ec '^(csvkit|humanize|pip|python-dotenv) '
    head -1 $(command -v csvcut); command -v python3 pip csvcut pycowsay
    { python3 -c 'import pycowsay' 2>&1 || :; } | tail -1; pycowsay moo | grep -c moo
    mkdir -p /home/user/project && cd /home/user/project
    echo 'import pad from "left-pad"; console.log(pad("imported", 9, "-"))' > a.mjs; node a.mjs
    echo 'console.log(require("left-pad")("required", 9, "-"))' > b.cjs; node b.cjs`;
  expect(await world.saidIn(reference, script)).toEqual([
    "python3 sees all",
    "4",
    "#!/opt/guise/python/bin/python",
    ...["python3", "pip", "csvcut"].map((name) => `/opt/guise/python/bin/${name}`),
    "/usr/local/bin/pycowsay",
    "ModuleNotFoundError: No module named 'pycowsay'",
    "1",
    "-imported",
    "-required",
  ]);
  expect(launchables.map(({ command }) => command[0])).toContain("/usr/local/bin/pycowsay");
  const found = contents.filter(({ name }) => ["humanize", "pycowsay", "requests"].includes(name));
  expect(found.map(({ manager, name, version }) => `${manager} ${name} ${name === "humanize" ? version : ""}`).sort()).toEqual([
    "pip humanize 4.9.0",
    "pip requests ",
    "pipx pycowsay ",
  ]);
});

test("the Node and the language that a persona chose are in its image whole; all other languages but for the order of letters; time zones", async () => {
  const node: ImageLayer = { application: "node", manager: "node", packages: ["20"] };
  const german: ImageLayer = { application: "locale", manager: "locale", packages: ["de_DE"] };
  const { reference } = await store.ensureImage(plan(own("npm", "left-pad"), node, german), quietBuild);
  const script = `node --version | cut -d . -f 1; node -p 'require("left-pad")("x", 3, "-")'
    for LANG in de_DE.UTF-8 fr_FR.UTF-8 hi_IN.UTF-8 sr_RS.UTF-8@latin; do
      export LANG; echo $(date -u -d 2026-11-30 +%A) $(printf 'z\\nä\\n' | sort | head -1) $(locale charmap)
    done
    TZ=Asia/Tokyo date -d @0 +%H:%M; LC_ALL=xx_XX.UTF-8 locale charmap 2>/dev/null`;
  expect(await world.saidIn(reference, script)).toEqual([
    ...["v20", "--x"],
    ...["Montag ä UTF-8", "lundi z UTF-8", "सोमवार z UTF-8", "ponedeljak z UTF-8"],
    ...["09:00", "ANSI_X3.4-1968"],
  ]);
});

test("what two packages cannot agree on is told as the two requirements", async () => {
  const torn = plan(own("pip", "flask==3.*"), own("pip", "click==7.*"));
  await expect(store.ensureImage(torn, quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(
      /^flask==3\.\* and click==7\.\* cannot be had together: flask needs click>=8\S*; change the version of one of them$/,
    ),
  });
  expect(await containers()).toEqual([]);
});

test("an image that was built before keeps its packages, and gets newer files of Guise on top", async () => {
  const built = await store.ensureImage(plan(jq), quietBuild);
  const inside = await mkdtemp(join(tmpdir(), "guise-inside-"));
  await cp(join(import.meta.dirname, "../../../inside"), inside, { recursive: true });
  await appendFile(join(inside, "main", "environment"), "# newer\n");
  const newer = world.open({}, { inside });
  const before = { ...plan(jq), recorded: built.reference };
  expect(await newer.findImage(before)).toBeUndefined();
  const again = await newer.ensureImage(before, quietBuild);
  expect(again).toMatchObject({ launchables: built.launchables, contents: built.contents });
  expect(again.reference).not.toBe(built.reference);
  expect(await newer.findImage({ ...before, recorded: again.reference })).toEqual(again);
  const [last, link] = await world.saidIn(again.reference, "tail -1 /usr/lib/guise/environment; readlink /etc/passwd");
  expect([last, link]).toEqual(["# newer", "/run/identity/passwd"]);
  await rm(inside, { recursive: true });
});

test("a company's authority is trusted inside once it is configured, and no more once it is not", async () => {
  const company = await companyAuthority("DNS:localhost");
  const script = `${serveCompany(company)}curl -fsS -o /dev/null https://localhost:8443/ 2>/dev/null && echo curl || echo "not curl"
python3 -c 'import urllib.request; urllib.request.urlopen("https://localhost:8443/"); print("python")' 2>/dev/null || echo "not python"
python3 -c 'import requests; requests.get("https://localhost:8443/"); print("requests")' 2>/dev/null || echo "not requests"
node -e 'fetch("https://localhost:8443/").then(() => console.log("node"), () => console.log("not node"))'
trusts() { name=$1; shift; grep -qiE 'certificate.verif|self-signed' <<< "$("$@" 2>&1)" && echo "not $name" || echo "$name"; }
trusts git git ls-remote https://localhost:8443/none
trusts pip pip download --no-deps --retries 0 --index-url https://localhost:8443/ none
kill %1`;
  const { reference } = await store.ensureImage(met, quietBuild);
  const trusting = await world.open({}, { authorities: [company.authority] }).ensureImage({ ...met, recorded: reference }, quietBuild);
  expect(await world.saidIn(trusting.reference, script)).toEqual(["curl", "python", "requests", "node", "git", "pip"]);
  const again = await store.ensureImage({ ...met, recorded: trusting.reference }, quietBuild);
  expect(await world.saidIn(again.reference, script)).toEqual(["not curl", "not python", "not requests", "not node", "not git", "not pip"]);
});

test("the programs run, and the image carries nothing of the host or the build", async () => {
  const { reference } = await store.ensureImage(plan(jq, csvkit, prettier), quietBuild);
  const said = await world.saidIn(
    reference,
    `jq --version; csvcut --version; prettier --version; readlink /etc/passwd
    test -x /usr/lib/guise/main && echo has main
    for gone in /guise-fetched /run/guise-build /var/cache/apt/archives/*.deb; do [ ! -e $gone ] || echo left $gone; done
    find / -xdev -name 'authorities*' -o -xdev -name sources.list.guise | sed 's/^/left /'`,
  );
  expect(said.length).toBe(5);
  expect(said.slice(3)).toEqual(["/run/identity/passwd", "has main"]);
});

test("what the mirrors do not have is named before a build, with the nearest name", async () => {
  const wanted = plan(
    jq,
    { application: "g", manager: "apt", packages: ["gnumerik", "jq=99"] },
    { ...csvkit, packages: ["csvkit", "no-such-package-guise-1"] },
    prettier,
  );
  const missing = [
    { manager: "apt", argument: "gnumerik", nearest: "gnumeric" },
    { manager: "apt", argument: "jq=99", nearest: "jq" },
    { manager: "pip", argument: "no-such-package-guise-1", nearest: undefined },
  ];
  expect(await store.examine(wanted)).toEqual({
    missing,
    unresolved: undefined,
    asked: { apt: [expect.any(String)], pip: [expect.any(String)] },
  });
  // The box stays for the next question, and is the only thing that does.
  expect((await containers()).length).toBe(2);
  const torn = plan(own("pip", "flask==3.*"), own("pip", "click==7.*"));
  expect(await store.examine(torn)).toMatchObject({
    missing: [],
    unresolved: { kind: "clash", requirements: ["flask==3.*", "click==7.*"] },
  });
  expect(await store.examine(plan(jq, csvkit, prettier))).toEqual({ missing: [], unresolved: undefined });
  expect((await containers()).length).toBe(2);
});

test("two packages of apt that exclude each other are named by whoever is asked: the mirrors, the build, and one that grows an image", async () => {
  const message = "libcurl4-openssl-dev and libcurl4-gnutls-dev cannot be installed together; leave out all but one";
  const both = plan(own("apt", "libcurl4-openssl-dev"), own("apt", "libcurl4-gnutls-dev"));
  expect(await store.examine(both)).toMatchObject({ missing: [], unresolved: { manager: "apt", message } });
  await expect(store.ensureImage(both, quietBuild)).rejects.toMatchObject({ code: "image_build_failed", message });
  // Where the one is there already, the other is not put in its place.
  await store.ensureImage(plan(own("apt", "exim4-daemon-light")), quietBuild);
  const grown = plan(own("apt", "exim4-daemon-light"), own("apt", "nullmailer"));
  await expect(store.ensureImage(grown, quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(/nullmailer.* cannot be installed/),
  });
  expect((await containers()).length).toBe(2);
});

test.each([
  ["apt", "no-such-package-guise"],
  ["pip", "no-such-package-guise-1"],
  ["npm", "no-such-package-guise-1"],
] as const)("what %s does not know fails by its name", async (manager, name) => {
  const missing: ImageLayer = { application: "missing", manager, packages: [name] };
  await expect(store.ensureImage(plan(missing), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringContaining(`no package mirror has ${manager}:${name}`),
  });
  expect((await containers()).length).toBe(2);
});

test("a build names all packages that are nowhere, with the nearest", async () => {
  const wrong: ImageLayer[] = [
    { application: "a", manager: "apt", packages: ["gnumerik"] },
    { application: "b", manager: "pip", packages: ["no-such-package-guise-1"] },
  ];
  await expect(store.ensureImage(plan(...wrong), quietBuild)).rejects.toMatchObject({
    code: "image_build_failed",
    message: "no package mirror has apt:gnumerik (nearest: apt:gnumeric), pip:no-such-package-guise-1",
  });
  await expectNothingLeft();
});

test("a cancelled build leaves nothing, and a crashed one's pair is removed", async () => {
  const stop = new AbortController();
  const report: ImageReport = { ...quietBuild, progress: (message) => void (message.includes("Retrieving") && stop.abort()) };
  const layer: ImageLayer = { application: "less", manager: "apt", packages: ["bc"] };
  await expect(store.ensureImage(plan(layer), report, stop.signal)).rejects.toMatchObject({ code: "cancelled" });
  expect(await containers()).toEqual([]);
  const crashed = world.context();
  const guard = await startGuard({ ...crashed, guardImage: () => store.guardImage() }, { role: "build-guard" });
  await BuildContainer.start(crashed, await store.guardImage(), guard.id);
  expect((await containers()).length).toBe(2);
  await store.removeLeftovers();
  expect(await containers()).toEqual([]);
});

test("a hostile package's script connects nowhere while it is installed", async () => {
  await store.ensureImage(plan(prettier), quietBuild);
  const neighbor = await startGuard({ ...world.context(), guardImage: () => store.guardImage() }, {});
  const hostService = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => hostService.listen(0, "0.0.0.0", resolve));
  const { port = 0 } = (hostService.address() ?? {}) as { port?: number };
  const own = networkInterfaces().eth0?.find(({ family }) => family === "IPv4")?.address ?? world.gateway;
  const mirror =
    execFileSync("getent", ["ahostsv4", new URL((await world.hostMirrors()).apt[0]?.uri ?? "").hostname], { encoding: "utf8" }).split(
      " ",
    )[0] ?? "";
  const targets = [
    { name: "host by world.gateway", host: world.gateway, port },
    { name: "host by address", host: own, port },
    { name: "neighbor", host: neighbor.address, port: 22 },
    { name: "metadata", host: "169.254.169.254", port: 80 },
    { name: "mirror", host: mirror, port: 80 },
    { name: "resolver", host: "8.8.8.8", port: 53 },
  ];
  const registry = await hostileRegistry({ npm: `${steal(targets)}require("node:dns").lookup("elsewhere.example", () => {});` });
  const said: string[] = [];
  try {
    const hostile = world.open({ npm_config_registry: registry.url, http_proxy: undefined });
    const evil: ImageLayer = { application: "evil", manager: "npm", packages: ["evil"], accepts: ["evil"] };
    const built = await hostile.ensureImage(plan(evil), { ...quietBuild, log: (line) => void said.push(line) });
    const image = await client.getImage(built.reference).inspect();
    expect(image.Config.Labels).toEqual({ [LABELS.installation]: world.installation, [LABELS.role]: "image", [LABELS.run]: "" });
    expect(image.Config.Volumes ?? {}).toEqual({});
    const { accepts: _, ...unaccepted } = evil;
    await expect(hostile.ensureImage(plan(unaccepted), quietBuild)).rejects.toThrow(
      'evil asked for elsewhere.example: no build reaches that, and its install script went on without it, so something may be missing; where it is not needed, write "accepted_gaps": ["npm:evil"]',
    );
  } finally {
    await registry.close();
    hostService.close();
    await neighbor.remove();
  }
  const results = said.filter((line) => line.startsWith("EVIL "));
  expect(results.sort()).toEqual([
    "EVIL host by address closed",
    "EVIL host by world.gateway closed",
    "EVIL metadata closed",
    "EVIL mirror closed",
    "EVIL neighbor closed",
    "EVIL registry closed",
    "EVIL resolver closed",
    "EVIL udp refused",
  ]);
});
