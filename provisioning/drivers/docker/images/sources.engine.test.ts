import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, quietBuild } from "#provisioning";
import { startGuard } from "../guard.ts";
import { MIRROR_CACHE } from "../test-support/mirror-cache/mirror-cache.ts";
import { hostileRegistry, stealInPython } from "./hostile-registry.fixture.ts";
import { type ImageWorld, openImageWorld } from "./image-world.fixture.ts";

/**
 * Packages that are there as source only, built and attacked, on a real engine.
 * Slow: compilers are installed, and some sources are built, each in a pair of containers with a network of its own.
 */

let world: ImageWorld;
beforeAll(async () => {
  world = await openImageWorld("sources");
});
afterAll(() => world?.close());

const own = (text: string): ImageLayer => {
  const [manager = "", name = ""] = text.split(":");
  return { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
};
/** But for the box of the package index, which stays for the next question. */
async function expectNothingLeft(): Promise<void> {
  await world.store.close();
  expect(await world.containers()).toEqual([]);
}
const plan = (...packages: readonly string[]) => ({ layers: packages.map(own), packageEpoch: "1" });

test("a source-only package, and one deep in the tree, become programs and modules like all others", async () => {
  const steps: string[] = [];
  const report = { ...quietBuild, progress: (message: string) => void steps.push(message) };
  const wanted = plan("pip:docopt", "pip:omegaconf==2.3.*");
  expect(await world.store.examine(wanted)).toEqual({ missing: [], unresolved: undefined });
  const { reference, contents } = await world.store.ensureImage(wanted, report);
  const script = `python3 -c 'import docopt, omegaconf; print(docopt.__version__, omegaconf.OmegaConf.create({"a": "\${b}", "b": 7}).a)'
    pip list 2>/dev/null | grep -Eci '^(docopt|antlr4-python3-runtime|omegaconf) '
    command -v gcc cmake make || echo "no compiler"
    ls /opt/guise`;
  const said = await world.saidIn(reference, script);
  expect(said).toEqual(["0.6.2 7", "3", "no compiler", "python"]);
  expect(contents.map(({ manager, name }) => `${manager} ${name}`)).toEqual(
    expect.arrayContaining(["pip docopt", "pip antlr4-python3-runtime"]),
  );
  expect(steps.filter((step) => step.startsWith("docopt from source")).length).toBeGreaterThan(2);
  // What was built is kept: the same source beside another package is carried, and not built again.
  const before = steps.length;
  await world.store.ensureImage(plan("pip:docopt", "pip:humanize"), report);
  expect(steps.slice(before).filter((step) => step.includes("from source"))).toEqual([]);
  await expectNothingLeft();
});

test("a source that cannot be built is named, with the reason and what helps", async () => {
  await expect(world.store.ensureImage(plan("pip:psycopg2"), quietBuild)).rejects.toThrow(
    /^psycopg2 [\d.]+ could not be built from its source: pg_config is not there; apt:libpq-dev brings it, and pip:psycopg2-binary may be taken instead$/,
  );
  await expectNothingLeft();
});

test("npm packages with native parts are compiled, in a workshop that the image does not have", async () => {
  const { reference, launchables } = await world.store.ensureImage(plan("npm:better-sqlite3", "npm:prettier"), quietBuild);
  const script = `cd /home/user && cat > a.cjs <<'JS'
const db = new (require("better-sqlite3"))(":memory:");
console.log(db.prepare("select 6 * 7 as n").get().n);
JS
node a.cjs; prettier --version | grep -c .; command -v g++ || echo "no compiler"`;
  expect(await world.saidIn(reference, script)).toEqual(["42", "1", "no compiler"]);
  expect(launchables.map(({ command }) => command[0])).toContain("/usr/local/bin/prettier");
});

test("an npm package that downloads while it is installed is named, with the reason", async () => {
  await expect(world.store.ensureImage(plan("npm:tree-sitter-cli"), quietBuild)).rejects.toThrow(
    /^tree-sitter-cli could not be installed: it wants to download something/,
  );
  await expectNothingLeft();
});

test("where no sources are built they are refused by name, before a build and in it", async () => {
  const closed = world.open({}, { sources: false });
  const message = expect.stringMatching(/docopt is there as source only.*builds no sources \(build_sources\)/);
  expect(await closed.examine(plan("pip:docopt"))).toMatchObject({ unresolved: { kind: "source_only", message } });
  await closed.close();
  const wanted = plan("pip:docopt", "pip:humanize==4.9.*");
  await expect(closed.ensureImage(wanted, quietBuild)).rejects.toMatchObject({ code: "image_build_failed", message });
});

const BACKEND = (steal: string) => `${steal}
import base64, glob, hashlib, os, sys, zipfile
def get_requires_for_build_wheel(config_settings=None):
    steal()
    for path in glob.glob("/run/guise-build/*"):
        if os.path.isfile(path) and b"hunter2" in open(path, "rb").read(): print("EVIL found a password in", path, flush=True)
    for path in ("/usr/bin/python3", "/usr/bin/env", "/opt/guise/left-behind", "/etc/left-behind"):
        try: open(path, "a").write("left behind")
        except OSError: pass
    children = 0
    try:
        while children < 5000:
            if os.fork() == 0: __import__("time").sleep(60); os._exit(0)
            children += 1
    except OSError: pass
    print("EVIL forked", "without end" if children == 5000 else "within limits", flush=True)
    return ["six>=1.0"]
def build_wheel(folder, config_settings=None, metadata_directory=None):
    steal()
    import six
    files = {"evil.py": "def main(): print('evil')", "evil-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: evil\\nVersion: 1.0\\n",
        "evil-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    with zipfile.ZipFile(folder + "/evil-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items(): wheel.writestr(name, text)
        wheel.writestr("evil-1.0.dist-info/RECORD", "".join(f"{name},,\\n" for name in files))
    return "evil-1.0-py3-none-any.whl"
`;

test("a hostile source connects nowhere, finds no password, and leaves nothing but its wheel", async () => {
  const neighbor = await startGuard({ ...world.context(), guardImage: () => world.store.guardImage() }, {});
  const hostService = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => hostService.listen(0, "0.0.0.0", resolve));
  const { port = 0 } = (hostService.address() ?? {}) as { port?: number };
  const address = networkInterfaces().eth0?.find(({ family }) => family === "IPv4")?.address ?? world.gateway;
  const cache = await MIRROR_CACHE.use();
  const index = String(cache.variables.PIP_INDEX_URL);
  const mirror = execFileSync("getent", ["ahostsv4", new URL((await world.hostMirrors()).apt[0]?.uri ?? "").hostname], {
    encoding: "utf8",
  });
  const targets = [
    { name: "host by gateway", host: world.gateway, port },
    { name: "host by address", host: address, port },
    { name: "neighbor", host: neighbor.address, port: 22 },
    { name: "metadata", host: "169.254.169.254", port: 80 },
    { name: "mirror", host: mirror.split(" ")[0] ?? "", port: 80 },
    { name: "cache", host: new URL(index).hostname, port: Number(new URL(index).port) },
  ];
  const registry = await hostileRegistry({ python: BACKEND(stealInPython(targets)), index });
  const said: string[] = [];
  try {
    const { protocol, host, hostname } = new URL(registry.url);
    const hostile = world.open(
      {
        http_proxy: undefined,
        PIP_INDEX_URL: `${protocol}//somebody:hunter2@${host}/simple`,
        PIP_TRUSTED_HOST: `${hostname} ${new URL(index).hostname}`,
      },
      { reach: [registry.url] },
    );
    const { reference } = await hostile.ensureImage(plan("pip:evil"), { ...quietBuild, log: (line) => void said.push(line) });
    const left =
      "{ ls /opt/guise /etc/left-behind 2>&1 || :; } | grep -c left-behind; grep -c 'left behind' /usr/bin/env || :; python3 -c 'import evil; evil.main()'";
    expect(await world.saidIn(reference, left)).toEqual(["1", "0", "evil"]);
  } finally {
    await registry.close();
    hostService.close();
    await neighbor.remove();
  }
  const nowhere = [...targets.map(({ name }) => `EVIL ${name} closed`), "EVIL registry closed", "EVIL udp refused"];
  expect([...new Set(said.map((line) => line.trim()).filter((line) => line.startsWith("EVIL ")))].sort()).toEqual(
    [...nowhere, "EVIL forked within limits"].sort(),
  );
  await expectNothingLeft();
});
