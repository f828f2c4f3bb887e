import type { PackageSource } from "@guise/contract";
import { describe, expect, test } from "vitest";
import type { ImageLayer } from "#provisioning";
import { layerFiles } from "../box/build-files.ts";
import { imageAddress, layerChain } from "../layers/layer-chain.ts";
import { MIRRORS } from "../scripted-site.fixture.ts";
import { allSourcesOf, openSources, withSources } from "./package-sources.ts";
import { loginFiles, secretsOf, sourceVariables } from "./source-logins.ts";

const NONE = { groups: ["*"], files: [], suites: [], components: [], scopes: [] };
const APT: PackageSource = {
  ...{ ...NONE, source: "tools", manager: "apt", url: "https://deb.example/debian/" },
  ...{ suites: ["bookworm-tools", "trixie-tools", "stable"], components: ["main"], key: "-----BEGIN PGP PUBLIC KEY BLOCK-----" },
};
const PIP: PackageSource = {
  ...NONE,
  source: "internal",
  manager: "pip",
  url: "https://pip.example/simple/",
  files: ["https://files.example/"],
};
const SCOPED: PackageSource = { ...NONE, source: "acme", manager: "npm", url: "https://npm.example/acme", scopes: ["@acme", "@lab"] };
const REGISTRY: PackageSource = { ...NONE, source: "proxy", manager: "npm", url: "https://proxy.example/npm/" };
const ALL = [APT, PIP, SCOPED];
const LOGINS = new Map([
  ["tools", { username: "ada", password: "p@ss/word" }],
  ["internal", { token: "pypi-t0ken" }],
  ["acme", { token: "npm_t0ken" }],
]);

const layer = (manager: ImageLayer["manager"], application: string, ...packages: string[]): ImageLayer => ({
  manager,
  application,
  packages,
});
const plan = (layers: readonly ImageLayer[], sources: readonly PackageSource[] = ALL) => ({ layers, packageEpoch: "1", sources });
const opened = () => openSources(ALL, async () => LOGINS);

test("count for what a persona names itself, and not for the catalog's applications", () => {
  const names = (layers: readonly ImageLayer[]) => allSourcesOf(plan(layers)).map(({ source }) => source);
  expect(names([layer("apt", "psql", "postgresql-client"), layer("pip", "jupyterlab", "jupyterlab")])).toEqual([]);
  expect(names([layer("apt", "apt:jq", "jq")])).toEqual(["tools"]);
  expect(names([layer("pipx", "pipx:ruff", "ruff"), layer("npm", "npm:vite", "vite")])).toEqual(["internal", "acme"]);
});

test("two images with other sources share no layer that these could differ in, and all others", () => {
  const layers = [layer("apt", "psql", "postgresql-client"), layer("apt", "apt:jq", "jq"), layer("npm", "npm:vite", "vite")];
  const chain = (sources: readonly PackageSource[]) =>
    layerChain(plan(layers, sources), "base", "closing", []).map(({ address }) => address);
  const [plain, tools] = [chain([]), chain([APT])];
  expect(plain).toEqual(layerChain({ layers, packageEpoch: "1" }, "base", "closing", []).map(({ address }) => address));
  expect(tools[0]).toBe(plain[0]);
  expect(tools.slice(1).some((address) => plain.includes(address))).toBe(false);
  // Another key, another source: what it signed is not what the other one signed.
  expect(chain([{ ...APT, key: "-----BEGIN PGP PUBLIC KEY BLOCK----- other" }])[1]).not.toBe(tools[1]);
  // Whose personas it is for changes nothing of what it has.
  expect(chain([{ ...APT, groups: ["analytics"] }])).toEqual(tools);
  expect(imageAddress(plan(layers, [PIP]), "base", "closing")).toBe(imageAddress(plan(layers, []), "base", "closing"));
});

describe("beside the mirrors", () => {
  test("a layer gets the sources that are its own; those of another base are left out", async () => {
    const mirrors = withSources({ ...MIRRORS, suite: "bookworm" }, await opened(), [APT]);
    expect(mirrors.apt.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      "https://deb.example/debian/ bookworm-tools",
      "https://deb.example/debian/ stable",
    ]);
    expect(mirrors.reach).toEqual([...MIRRORS.reach, "https://deb.example/debian/"]);
    expect(withSources({ ...MIRRORS, suite: "bookworm" }, await opened(), [PIP]).reach).toEqual([
      ...MIRRORS.reach,
      PIP.url,
      "https://files.example/",
    ]);
    const other = { ...APT, suites: ["trixie-tools"] };
    expect(withSources({ ...MIRRORS, suite: "bookworm" }, [{ source: other, login: undefined }], [other])).toEqual({
      ...MIRRORS,
      suite: "bookworm",
    });
  });

  test("a source's key is a file of the build, as it was given", async () => {
    const mirrors = withSources({ ...MIRRORS, suite: "trixie" }, await opened(), [APT]);
    const files = layerFiles(
      { application: "a", maker: "apt", target: "/", packages: [], address: "" },
      mirrors,
      mirrors.apt.flatMap(({ ring }) => (ring === undefined ? [] : [ring])),
    );
    expect(files.find(({ name }) => name === "sources.list")?.content).toContain(
      "deb [signed-by=/run/guise-build/source-tools.asc] https://deb.example/debian/ trixie-tools main\n",
    );
  });

  test("what opens them stands where each manager looks for it", async () => {
    const sources = await opened();
    const files = new Map(loginFiles({ sources }).map(({ name, content }) => [name, String(content)]));
    expect(files.get("apt-logins")).toBe("machine https://deb.example/debian/ login ada password p@ss/word\n");
    expect(files.get("home/.npmrc")).toBe(
      '@acme:registry=https://npm.example/acme/\n@lab:registry=https://npm.example/acme/\n//npm.example/acme/:_authToken="npm_t0ken"\n',
    );
    expect(sourceVariables({ sources })).toEqual({ UV_INDEX: "https://__token__:pypi-t0ken@pip.example/simple/" });
    expect(sourceVariables({ sources: [{ source: REGISTRY, login: undefined }] })).toEqual({
      npm_config_registry: "https://proxy.example/npm",
    });
  });

  test("every form of what opens them is known, so that nothing says it", async () => {
    const secrets = secretsOf({ ...MIRRORS, pipIndex: "https://me:in%2Fdex@pip.example/simple", sources: await opened() });
    for (const said of [
      "p@ss/word",
      "p%40ss%2Fword",
      btoa("ada:p@ss/word"),
      "pypi-t0ken",
      "npm_t0ken",
      "in%2Fdex",
      "in/dex",
      btoa("me:in/dex"),
    ])
      expect(secrets).toContain(said);
  });
});
