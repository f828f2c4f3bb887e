import { billOfMaterialsSchema } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packageUrl } from "./package-url.ts";
import { openWorld, type World } from "./test-world.ts";

let world: World;
let ann: string;

const CONTENTS = [
  { manager: "apt", name: "libc6:amd64", version: "2.36-9+deb12u10" },
  { manager: "apt", name: "g++", version: "4:12.2.0-3" },
  { manager: "pip", name: "Ruamel.YAML", version: "0.18.6" },
  { manager: "pip", name: "ruamel_yaml", version: "0.18.6" },
  { manager: "npm", name: "@biomejs/biome", version: "2.0.0" },
  { manager: "npm", name: "prettier", version: "3.6.2" },
];
const image = (contents: readonly object[]) => ({ reference: "r", bytes: 1, launchables: [], contents });

beforeEach(async () => {
  world = await openWorld();
  await world.usable();
  ann = await world.account("ann", ["user"], ["analytics"]);
});
afterEach(() => world.close());

test("a version's image as CycloneDX 1.6: each package once, with its version and package URL", async () => {
  await world.repository.setBuild("tester", 1, { image: image(CONTENTS) });
  const { status, body } = await world.ask("GET", "/v1/personas/tester/versions/latest/bom", { token: ann });
  expect(status).toBe(200);
  const document = billOfMaterialsSchema.parse(body);
  expect(document.metadata.component).toMatchObject({ type: "container", group: "makers", name: "tester", version: "1" });
  expect(document.components.map(({ name, version, purl }) => [name, version, purl])).toEqual([
    ["g++", "4:12.2.0-3", "pkg:deb/debian/g%2B%2B@4:12.2.0-3"],
    ["libc6", "2.36-9+deb12u10", "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64"],
    ["biome", "2.0.0", "pkg:npm/%40biomejs/biome@2.0.0"],
    ["prettier", "3.6.2", "pkg:npm/prettier@3.6.2"],
    ["ruamel_yaml", "0.18.6", "pkg:pypi/ruamel-yaml@0.18.6"],
  ]);
  expect(document.components.find(({ name }) => name === "biome")?.group).toBe("@biomejs");
});

test("the same image gives the same document, another one another serial number", async () => {
  const serial = async () =>
    (await world.ask("GET", "/v1/personas/tester/versions/1/bom", { token: ann })).body.serialNumber as string | undefined;
  await world.repository.setBuild("tester", 1, { image: image(CONTENTS) });
  const first = await serial();
  expect(await serial()).toBe(first);
  await world.repository.setBuild("tester", 1, { image: image(CONTENTS.slice(1)) });
  expect(await serial()).not.toBe(first);
  const audit = { at: 0, actor: "mia", action: "refresh_persona", target: "tester", outcome: "done" } as const;
  await world.repository.askRefresh("tester", 1, "2026-02-01", audit);
  world.clock.advance(5_000);
  await world.repository.setRefresh("tester", 1, { outcome: "built", image: image(CONTENTS) });
  const { body } = await world.ask("GET", "/v1/personas/tester/versions/1/bom", { token: ann });
  const { metadata, serialNumber } = billOfMaterialsSchema.parse(body);
  expect(serialNumber).not.toBe(first);
  expect(metadata.timestamp).toBe(new Date(world.clock.now()).toISOString());
  expect(metadata.component.properties).toContainEqual({ name: "guise:image:revision", value: "2" });
});

test("a version without an image says so; one that the person may not see is absent", async () => {
  const { status, body } = await world.ask("GET", "/v1/personas/tester/versions/1/bom", { token: ann });
  expect([status, body.code]).toEqual([409, "persona_not_usable"]);
  const sam = await world.account("sam", ["user"], ["sales"]);
  expect((await world.ask("GET", "/v1/personas/tester/versions/1/bom", { token: sam })).status).toBe(404);
});

test("packages of Ubuntu are Ubuntu's", () => {
  expect(packageUrl({ manager: "apt", name: "jq", version: "1.7.1-3build1" }, "ubuntu")).toBe("pkg:deb/ubuntu/jq@1.7.1-3build1");
});
