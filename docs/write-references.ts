/** Writes docs/reference/*.md from the registries in the code. Run: node docs/write-references.ts */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  APPLICATION_KINDS,
  ERRORS,
  EVENT_KINDS,
  EXIT_CODES,
  PHASES,
  REASONS,
  USES,
  VERSION_STATES,
  WORKSPACE_STATES,
} from "@guise/contract";
import { METRICS } from "../broker/metrics/metric-list.ts";
import { SETTINGS } from "../daemon/settings.ts";
import { VERSION } from "../daemon/version.ts";
import { apiPage } from "./reference-pages/api.ts";
import { applicationsPage } from "./reference-pages/applications.ts";
import { commandPage } from "./reference-pages/command.ts";
import { page, table } from "./reference-pages/markdown.ts";
import { personaPage } from "./reference-pages/persona.ts";

const FOLDER = join(import.meta.dirname, "reference");

function errors(): string {
  const rows = Object.entries(ERRORS).map(([code, { status, fault, retry, meaning, remedy }]) => [
    `\`${code}\``,
    String(status),
    fault,
    retry,
    meaning,
    remedy,
  ]);
  return page(
    "Errors",
    "Problem details (RFC 9457) carry one of these codes as `code`. A code never changes its meaning. Generated from `contract/errors.ts`.",
    table(["code", "status", "fault", "retry", "meaning", "remedy"], rows),
  );
}

function events(): string {
  const rows = Object.entries(EVENT_KINDS).map(([kind, { durable, meaning }]) => [
    `\`${kind}\``,
    durable ? "kept and replayed" : "live only",
    meaning,
  ]);
  return page(
    "Events",
    "What `GET /v1/workspaces/{id}/events` streams. Generated from `contract/event-kinds.ts`.",
    table(["kind", "life", "meaning"], rows),
  );
}

function states(): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  const reasons = table(
    ["reason", "meaning"],
    Object.entries(REASONS).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
  );
  const body = [
    `Workspace: ${list(WORKSPACE_STATES)}.`,
    `Phases of provisioning: ${list(PHASES)}.`,
    `Persona version: ${list(VERSION_STATES)}.`,
    `Kinds of applications: ${list(APPLICATION_KINDS)}.`,
    "## Reasons",
    reasons,
    "## Uses",
    "What keeps a workspace from being idle, by `contract/uses.ts`; [when a workspace counts as idle](../explanation/idleness.md) says more.",
    table(
      ["use", "meaning"],
      Object.entries(USES).map(([use, meaning]) => [`\`${use}\``, `${meaning[0]?.toUpperCase()}${meaning.slice(1)}.`]),
    ),
  ].join("\n\n");
  return page(
    "States and reasons",
    "Closed sets of the vocabulary. Generated from `contract/states.ts`; the moves between states are in [architecture.md](../architecture.md).",
    body,
  );
}

function configuration(): string {
  const rows = Object.entries(SETTINGS).map(([name, setting]) => [
    `\`${name}\``,
    `\`${setting.variable}\``,
    setting.default === "" ? "" : `\`${setting.default}\``,
    setting.meaning,
  ]);
  const note =
    "`guise.config.json` in the folder where Guise is started (or the file that `GUISE_CONFIG` names), and variables, which win. Generated from `daemon/settings.ts`.";
  return page("Configuration", note, table(["setting", "variable", "default", "meaning"], rows));
}

function exitCodes(): string {
  const rows = Object.entries(EXIT_CODES).map(([name, code]) => [String(code), name.replaceAll("_", " ")]);
  return page(
    "Exit codes of `guise`",
    "A command that is run inside passes its own code through. `partly`: something could not be copied, and is named; after `guise run` its workspace is then kept, for it holds the only copy, and the last lines say how to fetch the rest and give it back. Generated from `contract/exit-codes.ts`.",
    table(["code", "means"], rows),
  );
}

function metrics(): string {
  const rows = Object.entries(METRICS).map(([name, { type, labels, help }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help,
  ]);
  const note =
    "What `GET /metrics` tells Prometheus, beside the usual `process_…` and `nodejs_…` of the process itself. They are of the installation as a whole: nobody can be told from them. Generated from `broker/metrics/metric-list.ts`; `deploy/grafana/guise.json` is a dashboard of them.";
  return page("Metrics", note, table(["metric", "type", "labels", "meaning"], rows));
}

/** File → text, as the registries have it now. */
export async function references(): Promise<readonly (readonly [string, string])[]> {
  const pages = {
    api: apiPage(VERSION),
    applications: await applicationsPage(join(import.meta.dirname, "..", "catalog")),
    command: commandPage(),
    persona: personaPage(),
    errors: errors(),
    events: events(),
    states: states(),
    configuration: configuration(),
    metrics: metrics(),
    "exit-codes": exitCodes(),
  };
  return Object.entries(pages).map(([name, text]) => [join(FOLDER, `${name}.md`), text] as const);
}

if (import.meta.main) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [file, text] of await references()) writeFileSync(file, text);
}
