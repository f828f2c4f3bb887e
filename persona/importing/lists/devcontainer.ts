import { readJson } from "../documents/json-document.ts";
import type { DocumentPath } from "../documents/list-document.ts";
import type { ImportDesk, ListFile, Place } from "../import-desk.ts";
import type { MarkerFacts } from "../python-marker.ts";
import { readNode } from "../runtimes.ts";
import { isTable, textsIn } from "../tables.ts";
import { readPackage } from "./apt-list.ts";
import { readHostRequirements } from "./host-requirements.ts";
import { readCommands } from "./install-commands.ts";
import { readTool } from "./tool-versions.ts";

/** Features that every workspace has, or that come with packages. */
const THERE_ANYWAY = new Set(["common-utils", "sshd", "python"]);

/** Whose tags say which Node: "20-bookworm", "1-22". */
const NODE_IMAGES = new Set(["node", "javascript-node", "typescript-node"]);

/** Images by the last part of their name: what stands for them. */
const IMAGES: readonly (readonly [names: string, applications: readonly string[], why: string])[] = [
  ["node javascript-node typescript-node", [], "Node comes with npm: packages"],
  ["python anaconda miniconda miniforge", [], "Python comes with pip: packages"],
  [
    "base-notebook minimal-notebook scipy-notebook datascience-notebook pyspark-notebook tensorflow-notebook",
    ["jupyterlab"],
    "for its notebooks",
  ],
  ["java openjdk eclipse-temurin", ["apt:default-jdk"], "Debian's Java"],
  ["go golang", ["apt:golang-go"], "Debian's Go"],
  ["rust", ["apt:cargo"], "Debian's Rust"],
  ["cpp gcc", ["apt:build-essential", "apt:cmake", "apt:gdb"], "Debian's compilers"],
  ["r-ver rstudio r-base tidyverse r", ["apt:r-base"], "Debian's R"],
  ["uv", ["pipx:uv"], "uv itself"],
  ["base debian ubuntu universal alpine", [], "a workspace is Debian"],
];

/** https://containers.dev/implementors/json_reference/ */
export function readDevcontainer(desk: ImportDesk, file: ListFile, facts: MarkerFacts): void {
  const { whole, lineOf } = readJson(file);
  const place = (text: string, ...path: DocumentPath): Place => ({ file: file.name, line: lineOf(...path), text });
  if (typeof whole.name === "string") desk.name ??= whole.name;
  if (typeof whole.image === "string") readImage(desk, place(`image ${whole.image}`, "image"), whole.image);
  for (const part of ["build", "dockerFile"])
    if (whole[part] !== undefined)
      desk.refuse(place(part, part), "an image of your own: write what it installs into apt.txt or requirements.txt, and import that");
  if (whole.dockerComposeFile !== undefined)
    desk.refuse(
      place("dockerComposeFile", "dockerComposeFile"),
      "services of your own: a database among them can be a data source, which an operator adds",
    );
  for (const [name, options] of Object.entries(isTable(whole.features) ? whole.features : {}))
    readFeature(desk, place(`feature ${name}`, "features", name), name, options);
  for (const part of ["containerEnv", "remoteEnv"])
    for (const [name, value] of Object.entries(isTable(whole[part]) ? whole[part] : {}))
      desk.variable(place(`${part} ${name}`, part, name), name, value);
  for (const part of ["onCreateCommand", "updateContentCommand", "postCreateCommand"]) {
    const hook = whole[part];
    const commands = isTable(hook) ? Object.entries(hook) : hook === undefined ? [] : [[undefined, hook] as const];
    for (const [name, command] of commands) {
      const words = typeof command === "string" ? command : textsIn(command);
      readCommands(desk, name === undefined ? place(part, part) : place(part, part, name), words, facts);
    }
  }
  for (const part of ["postStartCommand", "postAttachCommand", "initializeCommand"])
    if (whole[part] !== undefined) desk.refuse(place(part, part), "for each start: begin it in the workspace");
  if (Array.isArray(whole.forwardPorts))
    desk.refuse(
      place(`forwardPorts ${whole.forwardPorts.join(", ")}`, "forwardPorts"),
      "guise forward WORKSPACE PORT opens a port of your servers",
    );
  if (isTable(whole.hostRequirements))
    readHostRequirements(desk, whole.hostRequirements, (text, name) => place(text, "hostRequirements", name));
  const tools = isTable(whole.customizations) ? whole.customizations : {};
  const extensions = isTable(tools.vscode) ? textsIn(tools.vscode.extensions) : [];
  for (const [index, extension] of extensions.entries())
    desk.refuse(
      place(`extension ${extension}`, "customizations", "vscode", "extensions", index),
      "for your own editor: guise config-ssh lets it in, with its extensions",
    );
  for (const part of ["mounts", "runArgs", "privileged", "capAdd", "workspaceMount"])
    if (whole[part] !== undefined)
      desk.refuse(place(part, part), "of a container engine, which a workspace does not hand out: leave it out");
}

function readImage(desk: ImportDesk, place: Place, image: string): void {
  const name = lastPart(image);
  const node = NODE_IMAGES.has(name) ? /[:-](1[68]|2\d)(?:[.-]|$)/.exec(image.slice(image.lastIndexOf("/")))?.[1] : undefined;
  if (node !== undefined) return void readNode(desk, place, node);
  const known = IMAGES.find(([names]) => names.split(" ").includes(name));
  if (known === undefined) return void desk.refuse(place, "not known here: name what it brings as apt:, pip: and npm: packages");
  const [, applications, why] = known;
  if (applications.length === 0) desk.has(place, why);
  for (const application of applications) desk.application(place, application, why);
}

function readFeature(desk: ImportDesk, place: Place, name: string, options: unknown): void {
  const short = lastPart(name);
  const packages = isTable(options) ? options.packages : undefined;
  if (/^(?:apt-packages|apt-get-packages)$/.test(short) && packages !== undefined) {
    for (const text of (typeof packages === "string" ? packages.split(/[ ,]+/) : textsIn(packages)).filter(Boolean))
      readPackage(desk, { ...place, text });
    return;
  }
  if (THERE_ANYWAY.has(short)) return void desk.has(place, "there anyway, or comes with its packages");
  const written = isTable(options) && typeof options.version === "string" ? options.version : "";
  const version = /^(?:latest|lts|os-provided|none)$/.test(written) ? "" : written;
  if (short === "node") readNode(desk, place, version);
  else readTool(desk, place, short, version);
}

/** "ghcr.io/devcontainers/features/git:1" → "git" */
function lastPart(name: string): string {
  return name.split("/").at(-1)?.split(/[:@]/)[0] ?? name;
}
