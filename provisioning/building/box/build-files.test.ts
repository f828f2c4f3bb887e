import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILD_FOLDER, buildVariables, FETCHED_FOLDER, forgetSecretsScript, layerFiles, setupScript } from "./build-files.ts";

test("files and variables arrive byte for byte, whatever is in them", () => {
  const folder = mkdtempSync(join(tmpdir(), "guise-setup-"));
  const content = "line\nGUISE\n$(touch /tmp/evil) 'quote' \\ \u00e4\n".repeat(40);
  const script = setupScript([{ name: "packages", content }], { NAME: "it's $HOME", B: folder })
    .replaceAll(BUILD_FOLDER, folder)
    .replaceAll(FETCHED_FOLDER, join(folder, "fetched"));
  execFileSync("bash", ["-euo", "pipefail", "-s"], { input: script });
  expect(readFileSync(join(folder, "packages"), "utf8")).toBe(content);
  const read = execFileSync("bash", ["-c", `. ${folder}/variables; printf %s "$NAME"`], { encoding: "utf8" });
  expect(read).toBe("it's $HOME");
  rmSync(folder, { recursive: true });
});

test("the key ring of a source is named where the build finds it", () => {
  const source = { uri: "http://d.example", suite: "x", components: ["main"], signedBy: "/usr/share/k.gpg" };
  const mirrors = {
    suite: "x",
    apt: [source, { ...source, signedBy: "/gone.gpg" }],
    aptOptions: ["Acquire::Check-Date=false"],
    pipIndex: "",
    npmRegistry: "",
    proxies: { http: undefined, https: undefined },
    authorities: "PEM",
    sources: [],
    reach: [],
  };
  const layer = { application: "a", maker: "apt", target: "/", packages: ["jq", "less"], address: "" } as const;
  const files = layerFiles(layer, mirrors, [{ name: "keyring--usr-share-k.gpg", content: "key" }]);
  const text = (name: string) => files.find((file) => file.name === name)?.content;
  expect(text("sources.list")).toBe(
    `deb [signed-by=${BUILD_FOLDER}/keyring--usr-share-k.gpg] http://d.example x main\ndeb http://d.example x main\n`,
  );
  expect(text("packages")).toBe("jq\nless\n");
  expect(text("apt-options")).toBe("Acquire::Check-Date=false\n");
});

test("pip trusts without TLS whom the operator has it trust, and nobody else", () => {
  const mirrors = {
    suite: "x",
    apt: [],
    aptOptions: [],
    pipIndex: "http://pip.example/simple",
    npmRegistry: "",
    proxies: { http: undefined, https: undefined },
    authorities: "",
    sources: [],
    reach: [],
  };
  const layer = { target: "/" };
  expect(buildVariables(layer, mirrors)).not.toHaveProperty("PIP_TRUSTED_HOST");
  expect(buildVariables(layer, { ...mirrors, pipTrusted: "pip.example" })).toMatchObject({
    PIP_TRUSTED_HOST: "pip.example",
    UV_INSECURE_HOST: "pip.example",
  });
});

test("before the packages' scripts run, no password of a mirror or a proxy is left", () => {
  const mirrors = {
    suite: "x",
    apt: [{ uri: "https://me:secret@d.example/debian", suite: "x", components: ["main"], signedBy: undefined }],
    aptOptions: ["Acquire::Check-Date=false", "Acquire::http::Proxy=http://me:secret@proxy.example:3128"],
    pipIndex: "https://me:secret@pip.example/simple",
    npmRegistry: "https://me:secret@npm.example/",
    proxies: { http: "http://me:secret@proxy.example:3128", https: undefined },
    authorities: "PEM",
    sources: [],
    reach: [],
  };
  const layer = { application: "a", maker: "apt", target: "/", packages: ["jq"], address: "" } as const;
  const folder = mkdtempSync(join(tmpdir(), "guise-forget-"));
  const here = (script: string) => script.replaceAll(BUILD_FOLDER, folder).replaceAll(FETCHED_FOLDER, join(folder, "fetched"));
  const run = (script: string) => execFileSync("bash", ["-euo", "pipefail", "-s"], { input: here(script) });
  const secrets = () => execFileSync("sh", ["-c", `grep -rl secret ${folder} || :`], { encoding: "utf8" }).trim();
  run(setupScript(layerFiles(layer, mirrors, []), buildVariables(layer, mirrors)));
  expect(secrets()).not.toBe("");
  run(forgetSecretsScript(layer, mirrors, []));
  expect(secrets()).toBe("");
  expect(readFileSync(join(folder, "sources.list"), "utf8")).toBe("deb https://d.example/debian x main\n");
  expect(readFileSync(join(folder, "apt-options"), "utf8")).toBe("Acquire::Check-Date=false\n");
  rmSync(folder, { recursive: true });
});
