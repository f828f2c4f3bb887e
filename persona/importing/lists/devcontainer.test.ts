import { expect, test } from "vitest";
import { read, refused } from "../test-import.ts";

test("devcontainer.json: image, features, commands that only install, variables; ports and extensions are listed", () => {
  const files = {
    ".devcontainer/devcontainer.json": `{
  // with comments
  "name": "Lesson",
  "image": "mcr.microsoft.com/devcontainers/python:1-3.12-bookworm",
  "features": { "ghcr.io/devcontainers/features/github-cli:1": {}, "ghcr.io/devcontainers/features/docker-in-docker:2": {},
    "ghcr.io/rocker-org/devcontainer-features/apt-packages:1": { "packages": "curl, tree" } },
  "postCreateCommand": "sudo apt-get update && sudo apt-get install -y jq && pip install -r requirements.txt humanize && ./setup.sh",
  "containerEnv": { "MODE": "lesson", "HERE": "\${containerWorkspaceFolder}" },
  "forwardPorts": [3000],
  "customizations": { "vscode": { "extensions": ["ms-python.python"] } },
}`,
    "requirements.txt": "polars\n",
  };
  const { definition, rows } = read(files);
  expect(definition).toMatchObject({
    persona_name: "Lesson",
    required_applications: ["apt:gh", "apt:curl", "apt:tree", "apt:jq", "pip:polars", "pip:humanize"],
    application_configuration: { variables: { MODE: "lesson" } },
  });
  expect(refused(rows).map((text) => text.split(": ")[0])).toEqual([
    "feature ghcr.io/devcontainers/features/docker-in-docker:2",
    "containerEnv HERE",
    "./setup.sh",
    "forwardPorts 3000",
    "extension ms-python.python",
  ]);
});

test("devcontainer.json: what it asks of its machine is what a workspace is given", () => {
  const of = (hostRequirements: unknown) =>
    read({ "devcontainer.json": JSON.stringify({ features: { "x/git:1": {} }, hostRequirements }) });
  const { definition, rows } = of({ cpus: 4, memory: "8gb", storage: "500MB", gpu: true });
  expect(definition?.resource_requirements).toEqual({ cpu: "4", ram: "8Gi", storage: "500Mi", network_bandwidth: "20Mbit" });
  expect(refused(rows)).toEqual(["gpu: a workspace has none: what needs one cannot run in it"]);
  const odd = of({ cpus: "many", memory: "8", storage: { a: 1 }, gpu: "optional" });
  expect(odd.definition?.resource_requirements).toEqual({ cpu: "1", ram: "2Gi", storage: "10Gi", network_bandwidth: "20Mbit" });
  expect(refused(odd.rows).length).toBe(3);
});

test("devcontainer.json: a feature's packages may be a list, and uv's image brings uv", () => {
  const features = { "x/apt-packages:1": { packages: ["jq", "tree"] } };
  const list = JSON.stringify({ image: "ghcr.io/astral-sh/uv:python3.11-bookworm", features });
  expect(read({ "devcontainer.json": list }).definition?.required_applications).toEqual(["pipx:uv", "apt:jq", "apt:tree"]);
});
